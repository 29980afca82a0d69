"""The bundled plugins: ordinary plugins, found by their entry points, without privileges."""
