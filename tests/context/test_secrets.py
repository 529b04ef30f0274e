"""Secrets never reach a prompt, and ordinary code does."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fimls.context.secrets import MASK, clear, has_secret, is_secret_file

AWS_ID = "AKIAIOSFODNN7EXAMPLE"
AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
GITHUB = "ghp_" + "a1B2" * 9
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVPmB92K27uhbUJU1p1r"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----"


def check_clear(text: str, secret: str) -> None:
    """The secret, and nothing else, becomes the mask; its line ends stay."""
    expected = text.replace(secret, MASK + "\n" * secret.count("\n"))
    assert secret in text
    assert clear(text) == expected
    assert clear(clear(text)) == expected
    assert has_secret(text)


def check_kept(text: str) -> None:
    assert clear(text) == text
    assert not has_secret(text)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        # Secrets with a mark of their own, wherever they stand.
        (f'client("{AWS_ID}")', AWS_ID),
        (f"x = {GITHUB}+1", GITHUB),
        # Not even an identifier around it hides it.
        (f"prefix_{GITHUB}", GITHUB),
        *((f'"gh{kind}_{"x1" * 18}"', f"gh{kind}_{'x1' * 18}") for kind in "pours"),
        (f"t('github_pat_{'11AB_c' * 10}')", f"github_pat_{'11AB_c' * 10}"),
        (f'OpenAI("sk-{"Ab3" * 16}")', f"sk-{'Ab3' * 16}"),
        (f"# sk-proj-{'Ab3_' * 12}", f"sk-proj-{'Ab3_' * 12}"),
        (f"headers = {{'x': '{JWT}'}}", JWT),
        (f"Authorization: Bearer {'abc.DEF-12' * 3}", "abc.DEF-12" * 3),
        # AWS secrets have no mark, only forty characters near a key id.
        (f'client("{"k" * 3}", aws, "{AWS_SECRET}")', AWS_SECRET),
        (f"aws_secret_access_key = {AWS_SECRET}", AWS_SECRET),
        # A block becomes the mask and as many lines.
        (f"KEY = '''\n{PEM}\n'''\nx = 1", PEM),
        # On one line, as JSON has it.
        (f'{{"a": "{PEM.encode("unicode_escape").decode()}"}}', PEM.replace("\n", "\\n")),
        # A block that the window or the user has not ended goes on to the end.
        (
            "a\n-----BEGIN EC PRIVATE KEY-----\nMHcCAQ\nx",
            "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ\nx",
        ),
        # Put together from strings, it is a block still.
        (
            'k = "-----BEGIN PRIVATE KEY-----" +\n "MIIEow" + "-----END PRIVATE KEY-----"',
            '-----BEGIN PRIVATE KEY-----" +\n "MIIEow" + "-----END PRIVATE KEY-----',
        ),
        # URLs lose user and password, either of which may be a token.
        ("db = connect('postgres://ann:pa55@db:5432/x')", "ann:pa55"),
        ("redis://:pa55@localhost", ":pa55"),
        ("git clone https://tok3n:x-oauth-basic@host/x.git", "tok3n:x-oauth-basic"),
        # An @ in the password does not end it.
        ("amqp://u:p@ss@host/", "u:p@ss"),
        # A token in place of both of them.
        ("git clone https://0a1b2c3d4e5f6a7b8c9d@host/x.git", "0a1b2c3d4e5f6a7b8c9d"),
        # Both of them once more, in base64.
        ('{"Authorization": "Basic YW5uOmh1bnRlcjI="}', "YW5uOmh1bnRlcjI="),
        # Tokens of package registries and other services.
        (f"//host/:_x={'npm_' + 'a1B2' * 9}", "npm_" + "a1B2" * 9),
        (f"login('{'hf_' + 'aBcD' * 8}xy')", "hf_" + "aBcD" * 8 + "xy"),
        (f"pypi-AgEI{'a1_B-2' * 10}", f"pypi-AgEI{'a1_B-2' * 10}"),
        ("post('https://hooks.slack.com/services/T00/B00/a1B2c3D4e5F6')", "T00/B00/a1B2c3D4e5F6"),
    ],
)
def test_marked_secrets(text: str, secret: str) -> None:
    check_clear(text, secret)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        # Quoted literals in the ways of many languages.
        ('password = "hunter2"', "hunter2"),
        ("PASSWORD='hunter two'", "hunter two"),
        ('self._db_password: str = "hunter2"', "hunter2"),
        ('connect(user="ann", passwd="hunter2")', "hunter2"),
        ('{"password": "hunter2", "a": "bcde"}', "hunter2"),
        ('"{\\"password\\": \\"hunter2\\"}"', "hunter2"),
        ('config["api-key"] = "f00dcafe"', "f00dcafe"),
        ('const apiKey: string | null = "f00dcafe";', "f00dcafe"),
        ('let secret: &\'static str = "s3cr3t";', "s3cr3t"),
        ('token := "f00dcafe"', "f00dcafe"),
        (":password => 'hunter2'", "hunter2"),
        ("const t = { accessToken: `f00dcafe` }", "f00dcafe"),
        ('byte[] k = privateKey = @"f00dcafe";', "f00dcafe"),
        ('#define DB_PASSWORD "hunter2"', "hunter2"),
        ('os.getenv("API_KEY", "f00dcafe")', "f00dcafe"),
        ('if password == "hunter2":', "hunter2"),
        ('password = (\n    "hunter2"\n)', "hunter2"),
        ('SECRET_KEY = b"f00\\"dcafe"', 'f00\\"dcafe'),
        ('token = """f00d\ncafe\n"""', "f00d\ncafe\n"),
        # Being typed: the literal has no end yet.
        ('password = "hunt', "hunt"),
        ("client_secret: 'f00d\nx = 1", "f00d"),
        # Environment files: everything up to a comment.
        ("DB_PASSWORD=hunter2", "hunter2"),
        ("export GITHUB_TOKEN=p@ss(w0rd", "p@ss(w0rd"),
        ("A=1\nAPI_KEY=two words # mine\nB=2", "two words"),
        # Properties, INI, YAML, compose files.
        ("spring.datasource.password=hunter2", "hunter2"),
        ("password = hunter2", "hunter2"),
        ("db:\n  password: hunter2\n", "hunter2"),
        ("  password: letmein", "letmein"),
        ("    - POSTGRES_PASSWORD=hunter2", "hunter2"),
        ("//registry.example/:_authToken=f00dcafe", "f00dcafe"),
        # XML, URLs, connection strings, command lines.
        ("<password>hunter2</password>", "hunter2"),
        ("get('https://host/?a=1&token=f00dcafe&b=2')", "f00dcafe"),
        ('"Server=db;Password=hunter2;Timeout=3"', "hunter2"),
        ("$ tool --password=hunter2 --verbose", "hunter2"),
        ("$ tool --password hunter2 --verbose", "hunter2"),
        # On the next line, as formatters break long ones.
        ('const apiToken =\n  "hunter2";', "hunter2"),
        ('password = \\\n    "hunter2"', "hunter2"),
        ('{"password":\n  "hunter2"}', "hunter2"),
        # Put together: what stands between the pieces is masked with them.
        ('token = "f00d" + \n  "cafe"', 'f00d" + \n  "cafe'),
        ('token = (\n    "f00d"\n    "cafe"\n)', 'f00d"\n    "cafe'),
        # With the type behind the name, or with its length.
        ('const password string = "hunter2"', "hunter2"),
        ('Dim password As String = "hunter2"', "hunter2"),
        ('char password[16] = "hunter2";', "hunter2"),
        ('password <- "hunter2"', "hunter2"),
        ('let secret = r#"hunter2"#;', "hunter2"),
        # Handed on by a call, or taken where another one is missing.
        ('password = SecretStr("hunter2")', "hunter2"),
        ('let password = String::from("hunter2");', "hunter2"),
        ('password: str = field(default="hunter2")', "hunter2"),
        ('token = b64decode("Y2FmZQ==")', "Y2FmZQ=="),
        ('password = os.environ.get("DB", "hunter2")', "hunter2"),
        ('const password = process.env.DB || "hunter2";', "hunter2"),
        ('password = os.getenv("DB") or "hunter2"', "hunter2"),
        # Name and value in words of their own.
        ('<add key="Password" value="hunter2" />', "hunter2"),
        ('add_argument("--password", default="hunter2")', "hunter2"),
        ('{"name": "DB_PASSWORD", "value": "hunter2"}', "hunter2"),
        ("- name: DB_PASSWORD\n  value: hunter2\n", "hunter2"),
        # Blocks and tags of YAML; what stands further left does not belong to it.
        ("a:\n  password: |\n    one two\n    three\n  b: c\n", "    one two\n    three"),
        ("password: !!str hunter2", "hunter2"),
        # Settings that are commented out, or named in a remark.
        ("# password = hunter2", "hunter2"),
        ("// password: hunter2", "hunter2"),
        ("x = 1  # password=hunter2", "hunter2"),
        # Other settings: makefiles, images, several on a line, files of logins, numbers.
        ("DB_PASSWORD := hunter2", "hunter2"),
        ("ENV DB_PASSWORD hunter2", "hunter2"),
        ("export A=b DB_PASSWORD=hunter2", "hunter2"),
        ("machine host login ann password hunter2", "hunter2"),
        ("password = 12345678", "12345678"),
        ("<password>\n  hunter2\n</password>", "hunter2"),
    ],
)
def test_assigned_secrets(text: str, secret: str) -> None:
    check_clear(text, secret)


@pytest.mark.parametrize(
    "text",
    [
        # Values that are computed, asked for or passed on.
        "password = getpass()",
        'password = getpass("Password: ")',
        "token = next_token()",
        "TOKEN=get_token()",
        "secret = args.secret",
        "self.token = token",
        "api_key = os.environ['API_KEY']",
        "connect(password=password)",
        # Types.
        "token: str",
        "    password: SecretStr",
        "    token: uint256",
        "def login(password: str, token: str | None = None) -> None:",
        "interface A {\n  password: string\n}",
        # Placeholders, and what other texts stand for it.
        'password = ""',
        'password = "$DB_PASSWORD"',
        'password = "${DB_PASSWORD}"',
        'password = "{{ vault.password }}"',
        'f"postgres://{user}:{password}@{host}/x"',
        "https://$USER:$TOKEN@host/",
        "PASSWORD=$(cat file)",
        "API_KEY=<your key>",
        'CONF_PASSWORD = "password"',
        '{"type": "password", "name": "token"}',
        # What is handed on is where a secret is, what it is called there, or how it is written.
        'token = os.environ["AWS_S3_TOKEN"]',
        'token = os.getenv("AWS_S3_ID")',
        'secret = open("/run/secrets/db2")',
        'token = get("https://host/v2/x")',
        'token = config.get("oauth2_token")',
        'password = password.encode("latin1")',
        "def report(self, token: ProgressToken, value: WorkDone1Report) -> None:",
        # The body of a class, an empty setting, prose.
        'class Token:\n    """One of 2 words."""',
        "DB_PASSWORD=\nDB_HOST=db01.example",
        "# the password of version 2 is hashed",
        "Basic authentication and basic types",
        "https://user-of-host@host/x",
        # Names that only look alike.
        'compass = "north-east"',
        'tokenizer = "bert-base"',
        "max_tokens = 128000",
        'key = "northeast"',
        'for key, token in {"k": "value"}:',
        '["password", "username", "token", "email"]',
        # The words of grammars.
        'if (token === "function") {',
        "pass\n",
        # Parts of what the marked shapes look for.
        'if text.startswith("-----BEGIN RSA PRIVATE KEY-----"):\n    return 1',
        ".sk-fading-circle-wrapper-inner { color: red }",
        "task-management-is-a-list-item-1",
        "http://localhost:8080/a@b",
        "import x from 'https://host/a:b'",
        "git@github.com:a/b.git",
        'sha = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"',
    ],
)
def test_code_is_kept(text: str) -> None:
    check_kept(text)


CODE = st.text(" \n\t\"'()[]{}=,;:.+-*/<>#\\|&!?@$%aZ_é０𝄞", max_size=30)
ALNUM = "abcXYZ0189"


def long(alphabet: str, least: int, most: int = 60) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=least, max_size=most)


PLANTED = st.one_of(
    long("ABCXYZ0189", 16, 16).map(lambda s: f"AKIA{s}"),
    st.tuples(st.sampled_from("pours"), long(ALNUM, 36, 40)).map(lambda s: f"gh{s[0]}_{s[1]}"),
    long(ALNUM, 50).map(lambda s: f"github_pat_{s}"),
    st.tuples(long(ALNUM, 12), long(ALNUM, 12), long(ALNUM, 12)).map(
        lambda s: f"eyJ{s[0]}.{s[1]}.{s[2]}"
    ),
    long(ALNUM + "+/=\n", 20, 200).map(
        lambda s: f"-----BEGIN PRIVATE KEY-----\n{s}\n-----END PRIVATE KEY-----"
    ),
)


@given(before=CODE, secret=PLANTED, after=CODE)
def test_no_planted_secret_is_left(before: str, secret: str, after: str) -> None:
    text = before + secret + after
    cleared = clear(text)
    assert secret not in cleared
    assert MASK in cleared
    assert cleared.count("\n") == text.count("\n")
    assert clear(cleared) == cleared


LITERALS = st.tuples(long("abcXYZ !#%&()*+,-./:;=?@^_|~0189", 6), st.integers(0, 9)).map(
    lambda parts: f"p{parts[0]}{parts[1]}"
)


@given(
    before=CODE,
    name=st.sampled_from(["password", "DB_PASSWORD", "api_key", "clientSecret", "auth-token"]),
    operator=st.sampled_from([" = ", "=", ": ", " := ", " => ", '": ', "'] = ", ": str = "]),
    quote=st.sampled_from(['"', "'", "`", '"""']),
    secret=LITERALS,
    after=CODE,
)
def test_no_planted_literal_is_left(
    before: str, name: str, operator: str, quote: str, secret: str, after: str
) -> None:
    text = f"{before}\n{name}{operator}{quote}{secret}{quote}\n{after}"
    cleared = clear(text)
    assert secret not in cleared
    assert cleared.count("\n") == text.count("\n")
    assert clear(cleared) == cleared


PIECES = st.sampled_from(
    [
        *(
            MASK,
            "password",
            "token",
            "=",
            ": ",
            '"',
            "'",
            "\n",
            " ",
            "://",
            "a:b",
            "@",
            "sk-",
            "\\",
        ),
        *("-----BEGIN KEY-----", "-----END KEY-----", "eyJ", ".", "x1y2z3w4", "API_KEY", "</", ">"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
@example("password=password-----BEGIN KEY-----")
@example('password=@"-----END KEY-----')
@example("password=abc eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0 -----BEGIN KEY-----\nx")
def test_clearing_twice_is_clearing_once(text: str) -> None:
    cleared = clear(text)
    assert clear(cleared) == cleared
    assert cleared.count("\n") == text.count("\n")
    assert has_secret(text) == (cleared != text)


def test_lower_case_of_another_length_shifts_nothing() -> None:
    # This one capital letter becomes two characters in lower case.
    check_clear('İİİİ password = "hunter2"', "hunter2")


@pytest.mark.parametrize(
    "text",
    [
        # What could cost its square: many beginnings without an end, a minified line.
        "-----BEGIN A-----\n" * 2_000,
        "token=f(a,b);" * 4_000,
        "PASSWORD=a" + " " * 20_000 + "x",
        "TOKEN=f(" + ")" * 20_000,
        "eyJ" * 4_000,
        '"token"' + " " * 60_000 + "x",
        '"token":' + "\n" * 60_000 + "x",
        "token = " + "a." * 40_000,
        'token = ("a"' + ' "b"' * 20_000,
        "password: |\n" + "  x\n" * 20_000,
    ],
)
def test_long_texts_of_beginnings_end(text: str) -> None:
    assert clear(clear(text)) == clear(text)


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "/srv/app/.env.production",
        "C:\\app\\.ENV",
        "config/prod.env",
        ".envrc",
        "server.key",
        "cert.PEM",
        "release.jks",
        "deploy/id_rsa",
        "id_ed25519.bak",
        "~/.ssh/config",
        "C:\\srv\\.aws\\credentials",
        ".kube/config",
        ".gnupg/trustdb.gpg",
        "terraform.tfstate",
        "terraform.tfstate.backup",
        "secrets.yml",
        "app.secrets.json",
        "credentials.json",
        "client_secret_12.apps.json",
        "service-account-prod.json",
        ".netrc",
        "_netrc",
        ".pgpass",
        ".npmrc",
        ".pypirc",
        ".git-credentials",
        ".docker/config.json",
        ".htpasswd",
    ],
)
def test_secret_files(path: str) -> None:
    assert is_secret_file(path)


@pytest.mark.parametrize(
    "path",
    [
        # Code is code, whatever it is called after.
        "environment.py",
        "secrets.py",
        "src/credentials.ts",
        "test_keys.py",
        "token.go",
        "key.rs",
        "password_field.dart",
        # Ordinary settings.
        "config.json",
        "settings.json",
        "package.json",
        "tokens.json",
        # Names that hold a listed one.
        "my.environment/main.py",
        "ssh/config.py",
        "envelope.env.py",
        "",
    ],
)
def test_other_files(path: str) -> None:
    assert not is_secret_file(path)


def test_the_mask_is_no_secret_shape() -> None:
    assert not has_secret(MASK)
    assert re.fullmatch(r"<\w+>", MASK)
