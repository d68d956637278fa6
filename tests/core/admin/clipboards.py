"""What programs put on the clipboard, as they write it: a text in Word, one in Google Docs, one of a web page."""

__all__ = ["GOOGLE_DOCS", "WEB_PAGE", "WORD"]

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta name=Generator content="Microsoft Word 15"><style><!--
 p.MsoNormal {margin:0cm; font-family:"Calibri",sans-serif;}
 @list l0:level1 {mso-level-number-format:bullet;} --></style></head>
<body lang=PT-BR style='tab-interval:35.4pt'><!--StartFragment-->
<h1><span style='mso-fareast-font-family:"Times New Roman"'>Cuidados com a pele<o:p></o:p></span></h1>
<p class=MsoNormal><b><span style='font-size:12.0pt'>Importante:</span></b><span
style='font-size:12.0pt'> use <i>protetor</i>.<span style='mso-spacerun:yes'>  </span>Fale com o
<a href="https://example.org/medico">m&eacute;dico</a>.<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>Chap&eacute;u<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span>&nbsp;&nbsp; </span></span></span><![endif]>de
aba larga<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span><span
style='mso-list:Ignore'>·<span>&nbsp; </span></span></span><![endif]>&Oacute;culos<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span><![endif]>Primeiro passo<o:p></o:p></p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr><td width=200 style='width:150pt'>
<p class=MsoNormal>Idade<o:p></o:p></p></td><td><p class=MsoNormal style='text-align:center'>Dose</p></td></tr>
<tr><td colspan=2><p class=MsoNormal>Adultos</p></td></tr></table>
<p class=MsoNormal style='text-align:center'><span style='color:red'>Fim</span><sup>2</sup><o:p></o:p></p>
<!--EndFragment--></body></html>"""

GOOGLE_DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1a2b3c4d-7fff">'
    '<h2 dir="ltr" style="line-height:1.38;"><span style="font-size:16pt;font-weight:400;">Sono</span></h2>'
    '<p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-weight:400;">Dormir </span>'
    '<span style="font-weight:700;">bem</span><span style="font-weight:400;font-style:italic;"> ajuda</span>'
    '<span style="font-weight:400;text-decoration:none;"> a </span>'
    '<a href="https://www.google.com/url?q=https://example.org/memoria&amp;sa=D" style="text-decoration:none;">'
    '<span style="color:#1155cc;text-decoration:underline;">mem&oacute;ria</span></a>'
    '<span style="text-decoration:line-through">.</span></p><br />'
    '<ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p dir="ltr" '
    'role="presentation"><span>Escuro</span></p></li><ul><li dir="ltr" aria-level="2"><p dir="ltr" '
    'role="presentation"><span>sem telas</span></p></li></ul><li dir="ltr" aria-level="1"><p dir="ltr" '
    'role="presentation"><span>Sil&ecirc;ncio</span></p></li></ul></b><br class="Apple-interchange-newline">'
)

WEB_PAGE = """<div class="article" style="color: rgb(0, 0, 0)"><nav>Menu</nav><h1 onclick="x()">Vacinas</h1>
<div>Texto em <strong>div</strong> com <code>code</code>.</div><script>alert(1)</script><style>p{color:red}</style>
<figure class="wp-block-image"><a href="https://example.org/grande"><img src="https://example.org/foto.jpg"
alt="Uma seringa" width="800"></a><figcaption>Foto: arquivo</figcaption></figure>
<blockquote><p>Cita&ccedil;&atilde;o.</p></blockquote><pre class="language-python"><code>a = 1
b = 2</code></pre><button>Compartilhe</button><ol start="3"><li>tr&ecirc;s</li></ol>
<p style="display:none">oculto</p><a href="javascript:alert(1)">mau</a><hr><iframe src="https://example.org/"></iframe>
<img src="https://example.org/pixel.gif" width="1" height="1"></div>"""
