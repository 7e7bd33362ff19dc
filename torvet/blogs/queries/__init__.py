"""Reads about blogs that shape a screen. The modules are asked by name: `queries.blogs`, `queries.articles`, …"""
