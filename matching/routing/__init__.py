"""From one request to a route of operations, and from the route to teams that can deliver it."""
