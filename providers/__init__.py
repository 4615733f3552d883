"""Resources of SendGrid, Twilio and Segment for Pulumi: one declaration each, one lifecycle, one client per vendor.

How a call gets here. The program declares a resource (`resource.py`); the engine starts one provider process
(`python -m pulumi.dynamic`) for each provider resource and asks it to check, diff, create, read, update or delete
(`dynamic.py`, the only file that knows how Pulumi's dynamic providers work); the declaration's lifecycle
(`lifecycle.py`) decides what to do, on plain values; the vendor's client (`<vendor>/client.py`) sends it.

    <vendor>/<resource>.py -> resource.py -> dynamic.py -> declaration.py, vendors.py -> <vendor>/client.py -> client.py
                           -> lifecycle.py ->

Processes. The program and the provider are two processes, in a preview as in an update; `destroy` and `refresh` run
the provider alone. Nothing is handed over in memory, and four calls run at a time, each on a thread.

Credentials. They are read when a call is made, the environment first and the provider resource's configuration second
(`connection.py`). They are in no resource's properties, no pickled provider and no message.

Unknowns. In a preview, any value at any depth may be unknown. `check` and `diff` take that; no other step ever does.

Secrets. A secret field is marked in its declaration, and is encrypted in the state whether it came in or was born in
`create`. What the vendors answer beyond the declared fields is not kept.

State. Users' state has the import path of `dynamic.load`, the type tokens (`pulumi-python:dynamic/<vendor>:<Class>`),
the fields' names and the resources' URNs. They change only together with a migration; tests pin them.
"""
