#!/usr/bin/env python3
"""Makes test vectors in a second language: hashlib, hmac and the openssl
command, and nothing of the Go code that is tested with them.

    python3 make.py              what is not there yet
    python3 make.py --all        everything, asymmetric signatures included
    python3 make.py stripe box   these providers, anew

A case is one call of case() in cases/<provider>.py, or in cases_<family>.py of senders
that sign alike. Its body is a sample of the
provider (plugins/provider/catalogue/samples), its headers are what sign() returns beside
its fixed ones, and its facts are written down by hand: they say what the row
must find. Keys lie in keys/, made by openssl for these tests alone.
"""
import base64
import hashlib
import hmac
import importlib
import json
import pathlib
import subprocess
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
PROVIDER = HERE.parent.parent
EC_KID, RSA_KID = "test-ec-1", "test-rsa-1"
CASES = []


def case(provider, sample, secret, facts, sign, scheme="", name="", headers=None, url="", at=1700000000,
         proof=None, method="", settings=None, certificates=None, jwks=None, body=None, fill=None, content_type="",
         source="", raw_key=False, items=None):
    CASES.append(locals())


# What schemes are made of. Keys and texts are bytes.

def mac(name, key, text):
    return hmac.new(key, text, name).digest()


def sha(name, text):
    return hashlib.new(name, text).digest()


def b64(raw):
    return base64.b64encode(raw).decode()


def b64url(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unb64(text):
    return base64.b64decode(text)


def unhex(text):
    return bytes.fromhex(text.decode() if isinstance(text, bytes) else text)


def fields(body):
    """The decoded fields of a form, in its order."""
    pairs = urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
    return [(a.encode(), b.encode()) for a, b in pairs]


def quote(text):
    return urllib.parse.quote_plus(text)


def std(key, body, family="webhook", ident="msg_octo_1", at=1700000000, decode=True):
    """Headers of Standard Webhooks; decode says that the key is base64 after whsec_."""
    if decode:
        key = unb64(key.removeprefix(b"whsec_"))
    signature = "v1," + b64(mac("sha256", key, f"{ident}.{at}.".encode() + body))
    return {f"{family}-id": ident, f"{family}-timestamp": str(at), f"{family}-signature": signature}


def openssl(*args, text=b""):
    return subprocess.run(["openssl", *args], input=text, capture_output=True, check=True).stdout


def rsa_sign(name, text):
    return openssl("dgst", "-" + name, "-sign", HERE / "keys/rsa.key", text=text)


def ec_sign(name, text):
    return openssl("dgst", "-" + name, "-sign", HERE / "keys/ec.key", text=text)


def ed_sign(text):
    (HERE / "keys/message.tmp").write_bytes(text)
    try:
        return openssl("pkeyutl", "-sign", "-rawin", "-inkey", HERE / "keys/ed25519.key", "-in", HERE / "keys/message.tmp")
    finally:
        (HERE / "keys/message.tmp").unlink()


def jws(header, claims):
    return ".".join(b64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)).encode()


def jwt_hs(key, claims):
    text = jws({"alg": "HS256", "typ": "JWT"}, claims)
    return text.decode() + "." + b64url(mac("sha256", key, text))


def jwt_rs(kid, claims):
    text = jws({"alg": "RS256", "kid": kid, "typ": "JWT"}, claims)
    return text.decode() + "." + b64url(rsa_sign("sha256", text))


def jwt_es(kid, claims):
    text = jws({"alg": "ES256", "kid": kid, "typ": "JWT"}, claims)
    return text.decode() + "." + b64url(raw_ecdsa(ec_sign("sha256", text)))


def raw_ecdsa(der):
    """Two numbers of 32 bytes from a DER sequence of two INTEGERs (P-256: all lengths are of one byte)."""
    numbers, at = b"", 2
    for _ in range(2):
        length = der[at + 1]
        numbers += int.from_bytes(der[at + 2:at + 2 + length], "big").to_bytes(32, "big")
        at += 2 + length
    return numbers


def key_file(name):
    return (HERE / "keys" / name).read_text().strip("\n")


# What a vector file is.

def vector(c):
    key, url = c["secret"].encode(), c["url"]
    body = (PROVIDER / "samples" / c["provider"] / c["sample"]).read_bytes()
    for place, value in (c["fill"](key, body) if c["fill"] else {}).items():
        body = body.replace(place.encode(), value.encode())
    if c["body"]:
        body = c["body"](key, body)
    headers = dict(c["headers"] or {})
    if c["content_type"] and body:
        headers["content-type"] = c["content_type"]
    made = c["sign"](key, body, url.encode())
    url = made.pop("url", url)
    headers.update(made)
    v = {"source": c["source"] or "made with " + ("openssl" if not key or "BEGIN" in c["secret"] or c["asymmetric"] else "Python's hmac") + " by testdata/maker"}
    if c["scheme"]:
        v["scheme"] = c["scheme"]
    v["secrets"] = [c["secret"]] if key else []
    for name in ("raw_key", "settings", "certificates", "jwks", "method"):
        if c[name]:
            v[name] = c[name]
    if url:
        v["url"] = url
    v |= {"at": c["at"], "headers": [[name, line] for name, lines in sorted(headers.items()) for line in (lines if isinstance(lines, list) else [lines])], "body": body.decode(), "want": "ok",
          "proof": c["proof"], "facts": c["facts"]}
    if c["items"]:
        v["items"] = c["items"]
    return v


def main(wanted):
    for path in sorted([*HERE.glob("cases_*.py"), *HERE.glob("cases/*.py")]):
        importlib.import_module(".".join(path.relative_to(HERE).with_suffix("").parts))
    for c in CASES:
        name = c["name"] or pathlib.Path(c["sample"]).stem.replace("%3A", ".")
        path = HERE.parent / c["provider"] / (name.replace("/", "__") + ".json")
        if path.exists() and "--all" not in wanted and c["provider"] not in wanted:
            continue
        c["asymmetric"] = any(f in c["secret"] for f in ("BEGIN", "kty")) or c["secret"] in map(key_file, ("ed25519.hex", "ed25519.b64", "ec.spki", "rsa.spki"))
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(vector(c), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.modules["make"] = sys.modules["__main__"]
    main(sys.argv[1:])
