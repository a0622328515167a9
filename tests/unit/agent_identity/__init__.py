"""Tests of agent.accounts, agent.credentials, agent.signin and agent.control."""
