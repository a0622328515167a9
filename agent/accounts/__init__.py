"""Who uses this app: accounts, which one is shown, and the server keys each of them trusts.

Here belong the account and its table of `state.db`. Here must not be: tokens (`agent.credentials`), how one signs in
(`agent.signin`), and work, which has a database of its own for each account.
"""
