"""The pages: server-rendered, working without JavaScript. Calls the areas; knows nothing of server.api."""
