"""Names that everybody knows: what a program means by them unless it says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.actions.imports.rule import Import, Known

if TYPE_CHECKING:
    from collections.abc import Iterator


def _items(module: str, names: str) -> Iterator[tuple[str, Import]]:
    return ((name, Import(module, name)) for name in names.split())


# Modules that nobody calls a variable by, or only one that is bound somewhere.
_PYTHON_MODULES: Final = (
    "abc argparse array ast asyncio atexit base64 bisect builtins bz2 calendar cmath codecs"
    " collections colorsys concurrent configparser contextlib contextvars copy csv ctypes"
    " dataclasses datetime decimal difflib dis enum errno fnmatch fractions functools gc"
    " getpass gettext glob graphlib gzip hashlib heapq hmac html http importlib inspect io"
    " ipaddress itertools json keyword linecache locale logging lzma math mimetypes mmap"
    " multiprocessing numbers operator os pathlib pickle pkgutil platform plistlib pprint"
    " queue random re secrets select shelve shlex shutil signal smtplib socket socketserver"
    " sqlite3 ssl stat statistics string struct subprocess sys tarfile tempfile textwrap"
    " threading time timeit tokenize tomllib traceback tracemalloc types typing unicodedata"
    " unittest urllib uuid warnings weakref xml zipfile zlib zoneinfo"
)

_OF_DATETIME: Final = (
    *("now", "utcnow", "today", "strptime", "fromisoformat", "fromtimestamp", "combine"),
)

PYTHON: Final = Known(
    names=dict(
        (
            *_items("pathlib", "Path PurePath PurePosixPath"),
            *_items("collections", "Counter OrderedDict defaultdict deque namedtuple ChainMap"),
            *_items("dataclasses", "dataclass"),
            *_items("decimal", "Decimal"),
            *_items("fractions", "Fraction"),
            *_items("enum", "Enum IntEnum StrEnum IntFlag"),
            *_items("functools", "cached_property lru_cache partial singledispatch total_ordering"),
            *_items("itertools", "accumulate groupby islice pairwise zip_longest"),
            *_items("contextlib", "contextmanager suppress ExitStack asynccontextmanager"),
            *_items("abc", "ABC abstractmethod"),
            *_items("datetime", "timedelta"),
            *_items("uuid", "uuid4 UUID"),
            *_items("typing", "Any Callable Dict Final Generic List NamedTuple Optional Protocol"),
            *_items("typing", "Set Tuple TypedDict TypeVar Union ClassVar Literal cast"),
            *_items("io", "BytesIO StringIO"),
            *_items("concurrent.futures", "ThreadPoolExecutor ProcessPoolExecutor"),
        )
    ),
    modules={
        **{name: Import(name) for name in _PYTHON_MODULES.split()},
        "np": Import("numpy", "", "np"),
        "pd": Import("pandas", "", "pd"),
        "plt": Import("matplotlib.pyplot", "", "plt"),
        "requests": Import("requests"),
        "pytest": Import("pytest"),
    },
    members={("datetime", member): Import("datetime", "datetime") for member in _OF_DATETIME},
)

_NODE: Final = (
    "assert buffer child_process cluster crypto dns events fs http https net os path process"
    " querystring readline stream tls url util vm worker_threads zlib"
)

ECMA: Final = Known(
    names=dict(
        (
            *_items("react", "useState useEffect useRef useMemo useCallback useContext useReducer"),
            *_items("node:fs/promises", "readFile writeFile readdir mkdir"),
            *_items("node:fs", "readFileSync writeFileSync existsSync mkdirSync readdirSync"),
            *_items("node:events", "EventEmitter"),
            *_items("node:crypto", "randomUUID createHash"),
        )
    ),
    modules={
        name: Import(f"node:{name}", "*", name)
        for name in _NODE.split()
        if name not in ("process", "buffer")
    },
    members={},
)

_GO: Final = (
    "archive/tar archive/zip bufio bytes cmp compress/gzip container/heap container/list context"
    " crypto/md5 crypto/rand crypto/sha1 crypto/sha256 database/sql embed encoding/base64"
    " encoding/binary encoding/csv encoding/hex encoding/json encoding/xml errors flag fmt"
    " hash/fnv html/template io io/fs log log/slog maps math math/big math/bits mime net net/http"
    " net/url os os/exec os/signal path/filepath reflect regexp runtime slices sort strconv"
    " strings sync sync/atomic syscall testing text/tabwriter time unicode unicode/utf8"
)

GO: Final = Known(
    names={},
    modules={path.rpartition("/")[2]: Import(path) for path in _GO.split()},
    # Both packages are called so; what is used of them tells.
    members={
        **{
            ("rand", name): Import("math/rand")
            for name in ("Intn", "Int", "Float64", "Perm", "Seed")
        },
        **{
            ("rand", name): Import("math/rand") for name in ("Shuffle", "New", "NewSource", "Int63")
        },
    },
)

_OF_STD: Final = (
    *("cmp", "collections", "env", "fmt", "fs", "io", "iter", "mem", "path", "process", "ptr"),
    *("sync", "thread", "time"),
)

RUST: Final = Known(
    names=dict(
        (
            *_items("std::collections", "BTreeMap BTreeSet BinaryHeap HashMap HashSet VecDeque"),
            *_items("std::rc", "Rc"),
            *_items("std::sync", "Arc Mutex RwLock OnceLock"),
            *_items("std::cell", "Cell RefCell OnceCell"),
            *_items("std::path", "Path PathBuf"),
            *_items("std::fs", "File OpenOptions"),
            *_items("std::io", "BufRead BufReader BufWriter Read Write"),
            *_items("std::time", "Duration Instant SystemTime"),
            *_items("std::str", "FromStr"),
            *_items("std::error", "Error"),
            *_items("std::process", "Command"),
            *_items("std::borrow", "Cow"),
            *_items("std::cmp", "Ordering Reverse"),
            *_items("std::fmt", "Display"),
            *_items("serde", "Deserialize Serialize"),
        )
    ),
    modules={name: Import("std", name) for name in _OF_STD},
    members={("mpsc", "channel"): Import("std::sync", "mpsc")},
)

JAVA: Final = Known(
    names=dict(
        (
            *_items(
                "java.util", "ArrayDeque ArrayList Arrays BitSet Collection Collections Comparator"
            ),
            *_items(
                "java.util", "Deque EnumMap HashMap HashSet Iterator LinkedHashMap LinkedHashSet"
            ),
            *_items(
                "java.util", "LinkedList List Locale Map NoSuchElementException Objects Optional"
            ),
            *_items(
                "java.util", "PriorityQueue Queue Random Scanner Set Stack StringJoiner TreeMap"
            ),
            *_items("java.util", "TreeSet UUID"),
            *_items("java.util.stream", "Collectors IntStream Stream"),
            *_items("java.util.function", "BiFunction Consumer Function Predicate Supplier"),
            *_items("java.util.concurrent", "ConcurrentHashMap ExecutorService Executors TimeUnit"),
            *_items("java.util.concurrent", "CompletableFuture"),
            *_items("java.util.concurrent.atomic", "AtomicInteger AtomicLong"),
            *_items("java.util.regex", "Matcher Pattern"),
            *_items(
                "java.io", "BufferedReader BufferedWriter File FileReader FileWriter IOException"
            ),
            *_items("java.io", "InputStream InputStreamReader OutputStream PrintWriter"),
            *_items("java.io", "UncheckedIOException"),
            *_items("java.nio.file", "Files Path Paths"),
            *_items("java.nio.charset", "StandardCharsets"),
            *_items("java.math", "BigDecimal BigInteger"),
            *_items("java.time", "Duration Instant LocalDate LocalDateTime ZoneId"),
        )
    ),
    modules={},
    members={},
)
