term_routes = []
