"""The editor of checklists, for admins: the list, a draft field by field, its preview, publishing.

Here belong forms and what pages show. Here must not be: what a draft is and who may change it (`server.templates`),
what fields mean and whether a checklist can be published (`rules.templates`), filling one in.
"""
