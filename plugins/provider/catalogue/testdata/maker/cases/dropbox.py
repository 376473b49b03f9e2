from make import case, mac

case("dropbox", "list_folder.json", "octo-corp-dropbox-signing-secret",
     content_type="application/json",
     proof={'scheme': 'sha256', 'secret': '1'},
     facts={'type': 'list_folder', 'tenant': 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc', 'subject': 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc'},
     items=[{'type': 'list_folder', 'tenant': 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc', 'subject': 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc'}],
     sign=lambda key, body, url: {"x-dropbox-signature": mac("sha256", key, body).hex()})
