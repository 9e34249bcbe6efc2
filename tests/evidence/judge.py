"""Judges octroi's tokens with PyJWT, and has octroi judge PyJWT's: `python3 judge.py OCTROI RECORD`.

Prints a line `ok NAME` or `not ok NAME: WHY` for each case.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import jwt
from jwt.algorithms import ECAlgorithm

OCTROI, RECORD = sys.argv[1:]
NONCE, AUDIENCE = "a nonce of the server's", "https://gateway.example"
FOLDER = pathlib.Path(tempfile.mkdtemp())


def octroi(*arguments, status=0, given=None):
    """What the command prints; it has to end with that status."""
    ran = subprocess.run([OCTROI, "evidence", *arguments], input=given, capture_output=True, text=True)
    assert ran.returncode == status, f"status {ran.returncode}: {ran.stdout}{ran.stderr}"
    return ran.stdout.strip()


def key(name):
    """A new key: its thumbprint, and its file."""
    path = FOLDER / f"{name}.jwk"
    return octroi("keygen", str(path)), path


PHONE, PHONE_FILE = key("phone")
SERVER, SERVER_FILE = key("server")
ADDRESSED = ["--nonce", NONCE, "--audience", AUDIENCE]
STATEMENT = octroi("sign", RECORD, "--signer", str(PHONE_FILE), *ADDRESSED)


def private(path):
    return ECAlgorithm.from_jwk(path.read_text())


def public(jwk):
    return ECAlgorithm.from_jwk({name: jwk[name] for name in ("kty", "crv", "x", "y")})


def verify(token, *more, status=0):
    return octroi("verify", "--key", PHONE, *ADDRESSED, *more, given=token, status=status)


def pyjwt_takes_a_statement():
    header = jwt.get_unverified_header(STATEMENT)
    assert header["alg"] == "ES256" and header["typ"] == "eat+jwt", header
    claims = jwt.decode(STATEMENT, public(header["jwk"]), algorithms=["ES256"], audience=AUDIENCE)
    assert claims["eat_nonce"] == NONCE and claims["swname"] == "octroi", claims
    assert claims["octroi"]["record"]["device"]["platform"] == "android", claims


def pyjwt_refuses_another_key():
    try:
        jwt.decode(STATEMENT, public(json.loads(SERVER_FILE.read_text())), algorithms=["ES256"], audience=AUDIENCE)
    except jwt.InvalidSignatureError:
        return
    raise AssertionError("taken")


def pyjwt_takes_an_attestation_result():
    token = verify(STATEMENT, "--ear", str(SERVER_FILE), status=STATUS)
    header = jwt.get_unverified_header(token)
    assert header["kid"] == SERVER, header
    claims = jwt.decode(token, public(json.loads(SERVER_FILE.read_text())), algorithms=["ES256"], issuer=AUDIENCE)
    assert claims["eat_profile"] == "tag:github.com,2023:veraison/ear" and claims["sub"] == PHONE, claims
    assert set(claims["submods"]["octroi"]["ear.trustworthiness-vector"]) == {"configuration"}, claims


def octroi_takes_what_pyjwt_signs():
    header = jwt.get_unverified_header(STATEMENT)
    claims = jwt.decode(STATEMENT, options={"verify_signature": False})
    token = jwt.encode(claims, private(PHONE_FILE), algorithm="ES256", headers=header)
    printed = json.loads(verify(token, "--format", "json", status=STATUS))
    assert printed["key"] == PHONE, printed


def octroi_refuses(code, token):
    printed = json.loads(verify(token, "--format", "json", status=2))
    assert printed["refused"]["code"] == code, printed


def octroi_refuses_none_of_pyjwt():
    claims = jwt.decode(STATEMENT, options={"verify_signature": False})
    header = dict(jwt.get_unverified_header(STATEMENT))
    del header["alg"]
    octroi_refuses("wrong_algorithm", jwt.encode(claims, None, algorithm="none", headers=header))


def octroi_refuses_hs256_of_pyjwt():
    claims = jwt.decode(STATEMENT, options={"verify_signature": False})
    header = dict(jwt.get_unverified_header(STATEMENT))
    # Whoever takes the algorithm from the header checks with what everybody knows.
    secret = header["jwk"]["x"] + header["jwk"]["y"]
    del header["alg"]
    octroi_refuses("wrong_algorithm", jwt.encode(claims, secret, algorithm="HS256", headers=header))


def octroi_refuses_another_key_of_pyjwt():
    claims = jwt.decode(STATEMENT, options={"verify_signature": False})
    header = jwt.get_unverified_header(STATEMENT)
    octroi_refuses("bad_signature", jwt.encode(claims, private(SERVER_FILE), algorithm="ES256", headers=header))


# The record is of a phone that is denied now: its term is over.
STATUS = 1
CASES = [value for name, value in list(globals().items()) if name.startswith(("pyjwt_", "octroi_")) and name != "octroi_refuses"]
for case in CASES:
    name = case.__name__.replace("_", " ")
    try:
        case()
        print(f"ok {name}")
    except Exception as error:  # noqa: BLE001: whatever it is, the case failed
        print(f"not ok {name}: {type(error).__name__}: {error}")
