"""Questions of a tool as data, turned into Django forms, cleaned answers and pages.

`questions` reads the fields of a version; `answers` are the Django fields of each type; `forms` puts them together;
`wording` says answers in words, `reading` lays them out for a page; `placeholders` fills in names and dates from the
closed list.
"""
