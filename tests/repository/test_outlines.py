"""What each language defines, as pictures: the text, a line, and the outline of it."""

from __future__ import annotations

import pytest

from tests.repository.outlines import outline

_LINE = "-----\n"

PICTURES = [
    # Python: fields of classes and of constructors, docstrings, guarded constants.
    (
        "a.py",
        """\
\"\"\"Mod.\"\"\"
import os, a.b as c
from . import x
from .m import (y, z as w)
if True:
    MAX: int = 10
@dec(1)
class Foo(Bar[T], ns.Baz, metaclass=M):
    \"\"\"Doc of Foo.

    more\"\"\"
    x: int = 1
    Y = 2
    @property
    def get(self, a, *, b=1) -> int:
        \"\"\"Doc.\"\"\"
        return 1
    def __init__(self):
        self.z = 1
    class Inner: pass
async def top(
    a: int,
    b: str = "x",
) -> None: ...
A, B = 1, 2
type Alias = int
try:
    import q
except ImportError:
    q = None
-----
5 constant MAX | MAX: int = 10
7 class Foo | class Foo(Bar[T], ns.Baz, metaclass=M) | Doc of Foo.
11 field Foo.x | x: int = 1
12 field Foo.Y | Y = 2
14 method Foo.get | def get(self, a, *, b=1) -> int | Doc.
17 method Foo.__init__ | def __init__(self)
18 field Foo.z | self.z = 1
19 class Foo.Inner | class Inner
20 function top | async def top(a: int, b: str = "x") -> None
24 constant A | A, B = 1, 2
24 constant B | A, B = 1, 2
25 type Alias | type Alias = int
29 constant q | q = None
""",
    ),
    # TypeScript: interfaces, enums, namespaces, functions that are values, what is only declared.
    (
        "a.ts",
        """\
import { a as b } from "./x";
import type D from "y";
/** Doc of Shape. */
export interface Shape extends Base<T>, Other { side: number; area(): number; }
export type Alias = string | number;
export enum Color { Red, Green = 2 }
@dec
export abstract class Square<T> extends Foo.Bar<T> implements Shape {
  private side: number = 1;
  static #count = 0;
  constructor(public x: number) { super(); }
  /** area */
  async area(n: string): Promise<number> { return 1; }
  get value(): number { return 2 }
  handler = () => { };
}
export const MAX = 10, MIN = 2;
export const fn = async (x: number): Promise<void> => { };
export default function main(a = 1): void {}
namespace N { export function inner() {} }
declare module "foo" { function g(): void; }
declare function h(x: number): string;
let { q, r } = z;
module.exports = { a };
export * from "./z";
-----
3 type Shape | export interface Shape extends Base<T>, Other | Doc of Shape.
3 field Shape.side | side: number
3 method Shape.area | area(): number
4 type Alias | export type Alias = string | number
5 type Color | export enum Color
5 field Color.Red | Red
5 field Color.Green | Green = 2
7 class Square | export abstract class Square<T> extends Foo.Bar<T> implements Shape
8 field Square.side | private side: number = 1
9 field Square.count | static #count = 0
10 method Square.constructor | constructor(public x: number)
12 method Square.area | async area(n: string): Promise<number> | area
13 method Square.value | get value(): number
14 method Square.handler | handler = ()
16 constant MAX | export const MAX = 10
16 constant MIN | export const MIN = 2
17 function fn | export const fn = async (x: number): Promise<void>
18 function main | export default function main(a = 1): void
19 module N | namespace N
19 function N.inner | export function inner()
20 module foo | declare module "foo"
20 function foo.g | function g(): void
21 function h | declare function h(x: number): string
""",
    ),
    # Go: receivers, groups of constants, embedded types.
    (
        "a.go",
        """\
package main
import ("fmt"; x "a/b")
// Point is a point.
type Point struct { X, Y int; *Base; other.Thing }
type Shape interface { Area() float64; fmt.Stringer }
type ID = string
type F func(int) int
const ( A = iota
 B )
var Global, G2 = 1, 2
// Move moves.
func (p *Point[T]) Move(dx int) (err error) { return nil }
func New[T any](a int) *Point { return nil }
-----
3 type Point | type Point struct | Point is a point.
3 field Point.X | X, Y int
3 field Point.Y | X, Y int
4 type Shape | type Shape interface
4 method Shape.Area | Area() float64
5 type ID | type ID = string
6 type F | type F func(int) int
7 constant A | const A = iota
8 constant B | const B
9 constant Global | var Global, G2 = 1, 2
9 constant G2 | var Global, G2 = 1, 2
11 method Point.Move | func (p *Point[T]) Move(dx int) (err error) | Move moves.
12 function New | func New[T any](a int) *Point
""",
    ),
    # Rust: implementations belong to their type, traits, macros, modules.
    (
        "a.rs",
        """\
use std::collections::HashMap;
use crate::a::{b, c};
/// Doc.
#[derive(Debug)]
pub struct Point<T> { pub x: T, y: i32 }
pub struct Tup(i32);
pub enum E { A, B(i32), C { x: i32 } }
pub trait Shape: Base + Send { const N: i32; type Out; fn area(&self) -> f64; fn d(&self) { } }
impl<T> Shape for Point<T> { fn area(&self) -> f64 { 1.0 } const N: i32 = 1; }
impl Point<i32> { pub fn new() -> Self { } }
pub const MAX: i32 = 1;
static S: &str = "x";
type A = i32;
macro_rules! mac { () => {} }
mod inner { pub fn f() {} }
pub async fn top<T>(x: T) -> i32 where T: Copy { 1 }
extern "C" { fn cfun(x: i32); }
union U { a: i32 }
-----
4 class Point | pub struct Point<T> | Doc.
4 field Point.x | pub x: T
4 field Point.y | y: i32
5 class Tup | pub struct Tup
6 type E | pub enum E
6 field E.A | A
6 field E.B | B(i32)
6 field E.C | C { x: i32 }
7 type Shape | pub trait Shape: Base + Send
7 field Shape.N | const N: i32
7 type Shape.Out | type Out
7 method Shape.area | fn area(&self) -> f64
7 method Shape.d | fn d(&self)
8 method Point.area | fn area(&self) -> f64
8 field Point.N | const N: i32 = 1
9 method Point.new | pub fn new() -> Self
10 constant MAX | pub const MAX: i32 = 1
11 constant S | static S: &str = "x"
12 type A | type A = i32
13 function mac | macro_rules! mac
14 module inner | mod inner
14 function inner.f | pub fn f()
15 function top | pub async fn top<T>(x: T) -> i32 where T: Copy
16 function cfun | fn cfun(x: i32)
17 class U | union U
17 field U.a | a: i32
""",
    ),
    # Java: annotations are no part of a header; records, enums with methods.
    (
        "a.java",
        """\
package a.b;
import java.util.*;
import static a.B.c;
/** Doc. */
@Ann(x = 1)
public abstract class Foo<T> extends Bar<T> implements Baz, q.Qux {
  private static final int MAX = 1, MIN = 2;
  /** Make. */
  public Foo(int a) throws X { }
  @Override
  public <R> R get(String s, int... n) { return null; }
  abstract void none();
  static class Inner {}
}
interface I extends J { int K = 1; void m(); }
enum E implements I { A, B(1); void f() {} }
record R(int x) implements I { }
@interface Ann { int x(); }
-----
5 class Foo | public abstract class Foo<T> extends Bar<T> implements Baz, q.Qux | Doc.
6 field Foo.MAX | private static final int MAX = 1, MIN = 2
6 field Foo.MIN | private static final int MAX = 1, MIN = 2
8 method Foo.Foo | public Foo(int a) throws X | Make.
10 method Foo.get | public <R> R get(String s, int... n)
11 method Foo.none | abstract void none()
12 class Foo.Inner | static class Inner
14 type I | interface I extends J
14 field I.K | int K = 1
14 method I.m | void m()
15 type E | enum E implements I
15 field E.A | A
15 field E.B | B(1)
15 method E.f | void f()
16 class R | record R(int x) implements I
17 type Ann | @interface Ann
17 method Ann.x | int x()
""",
    ),
    # C: declarators of any shape, macros, typedefs of structures.
    (
        "a.c",
        """\
#include <stdio.h>
#include "x.h"
/* Doc. */
#define MAX 10
#define SQ(x) ((x)*(x))
struct point { int x, *y; char z[3]; };
typedef struct { int a; } thing_t;
typedef int (*cb)(int);
enum color { RED, GREEN = 2 };
static const int table[] = {1,2};
extern int g;
int add(int a, int b);
static inline char *dup(const char *s) { return 0; }
#ifdef A
void cond(void) {}
#endif
union u { int i; };
-----
3 constant MAX | #define MAX 10 | Doc.
4 function SQ | #define SQ(x)
5 class point | struct point
5 field point.x | int x, *y
5 field point.y | int x, *y
5 field point.z | char z[3]
6 type thing_t | typedef struct thing_t
6 field thing_t.a | int a
7 type cb | typedef int (*cb)(int)
8 type color | enum color
8 field color.RED | RED
8 field color.GREEN | GREEN = 2
9 constant table | static const int table[] = {1,2}
10 constant g | extern int g
11 function add | int add(int a, int b)
12 function dup | static inline char *dup(const char *s)
14 function cond | void cond(void)
16 class u | union u
16 field u.i | int i
""",
    ),
    # C++: templates, nested namespaces, definitions outside of their class.
    (
        "a.cpp",
        """\
#include <vector>
namespace a::b {
/// Doc.
template <typename T> class Foo : public Bar<T>, private ns::Baz {
public:
  Foo(int x);
  virtual ~Foo() = default;
  int get() const { return x_; }
  static Foo make();
  bool operator==(const Foo& o) const;
private:
  int x_ = 0;
  std::vector<int> v_;
};
enum class E { A, B };
using Alias = std::vector<int>;
constexpr int K = 3;
template <class U> U twice(U u) { return u; }
}
int a::b::Foo::other(int z) { return z; }
struct S { int q; };
extern "C" { void cfn(int); }
auto f2() -> int { return 1; }
std::string& ref(int a);
-----
1 module b | namespace a::b
3 class a::b.Foo | template <typename T> class Foo : public Bar<T>, private ns::Baz | Doc.
5 method Foo.Foo | Foo(int x)
7 method Foo.get | int get() const
8 method Foo.make | static Foo make()
11 field Foo.x_ | int x_ = 0
12 field Foo.v_ | std::vector<int> v_
14 type a::b.E | enum class E
14 field E.A | A
14 field E.B | B
15 type a::b.Alias | using Alias = std::vector<int>
16 constant a::b.K | constexpr int K = 3
17 function a::b.twice | template <class U> U twice(U u)
19 method Foo.other | int a::b::Foo::other(int z)
20 class S | struct S
20 field S.q | int q
21 function cfn | void cfn(int)
22 function f2 | auto f2() -> int
23 function ref | std::string& ref(int a)
""",
    ),
    # Properties, events and records of C#, in a nested namespace.
    (
        "a.cs",
        """\
using System;
using X = A.B;
namespace N.M {
/// <summary>Doc.</summary>
[Attr]
public abstract class Foo<T> : Bar<T>, IBaz where T : class {
  private const int Max = 1;
  public int Prop { get; set; } = 1;
  public Foo(int a) : base(a) { }
  public async Task<int> GetAsync(string s = "x") => 1;
  public event EventHandler Ev;
  public int this[int i] { get { return 1; } }
  delegate void D(int x);
  enum E { A, B = 2 }
}
interface I : J { void M(); int P { get; } }
struct S { int x; }
record R(int X) : Base(X);
}
-----
2 module M | namespace N.M
5 class N.M.Foo | public abstract class Foo<T> : Bar<T>, IBaz where T : class | Doc.
6 field Foo.Max | private const int Max = 1
7 field Foo.Prop | public int Prop
8 method Foo.Foo | public Foo(int a) : base(a)
9 method Foo.GetAsync | public async Task<int> GetAsync(string s = "x")
10 field Foo.Ev | public event EventHandler Ev
12 type Foo.D | delegate void D(int x)
13 type Foo.E | enum E
13 field E.A | A
13 field E.B | B = 2
15 type N.M.I | interface I : J
15 method I.M | void M()
15 field I.P | int P
16 class N.M.S | struct S
16 field S.x | int x
17 class N.M.R | record R(int X) : Base(X)
""",
    ),
    # Ruby: modules, singleton methods, instance variables of a constructor.
    (
        "a.rb",
        """\
require "json"
require_relative 'x/y'
# Doc.
module M
  MAX = 1
  class Foo < Bar::Baz
    include Comparable
    attr_reader :a, :b
    def initialize(a, b = 1)
      @a = a
    end
    def self.make(x) = new(x)
    def no_args
    end
    class << self
      def k; end
    end
  end
end
def top(a) ; end
-----
3 module M | module M | Doc.
4 constant M.MAX | MAX = 1
5 class M.Foo | class Foo < Bar::Baz
8 method Foo.initialize | def initialize(a, b = 1)
9 field Foo.a | @a = a
11 method Foo.make | def self.make(x)
12 method Foo.no_args | def no_args
15 method Foo.k | def k
19 function top | def top(a)
""",
    ),
    # PHP: traits, promoted constructors, several properties in one line.
    (
        "a.php",
        """\
<?php
namespace A\\B;
use X\\Y as Z;
use function a\\f;
require_once 'x.php';
/** Doc. */
abstract class Foo extends Bar implements I, J {
  use T;
  const MAX = 1;
  private int $x = 1, $y;
  public function __construct(private int $p) { }
  public static function get(string $s): ?int { return 1; }
}
interface I extends K { function m(); }
trait T { function t() {} }
enum E: string { case A = 'a'; }
function top($a) { }
const C = 1;
define('D', 2);
$g = 1;
-----
1 module B | namespace A\\B
6 class Foo | abstract class Foo extends Bar implements I, J | Doc.
8 field Foo.MAX | const MAX = 1
9 field Foo.x | private int $x = 1, $y
9 field Foo.y | private int $x = 1, $y
10 method Foo.__construct | public function __construct(private int $p)
11 method Foo.get | public static function get(string $s): ?int
13 type I | interface I extends K
13 method I.m | function m()
14 class T | trait T
14 method T.t | function t()
15 type E | enum E: string
15 field E.A | case A = 'a'
16 function top | function top($a)
17 constant C | const C = 1
""",
    ),
    # Lua: tables as modules; what is required is no constant.
    (
        "a.lua",
        """\
local json = require("json")
-- Doc.
local M = {}
M.max = 1
function M.add(a, b) return a end
function M:meth(x) end
local function loc(a) end
function glob() end
M.f = function(q) end
local K = 3
return M
-----
2 constant M | local M = {} | Doc.
3 field M.max | M.max = 1
4 method M.add | function M.add(a, b)
5 method M.meth | function M:meth(x)
6 function loc | local function loc(a)
7 function glob | function glob()
8 method M.f | M.f = function(q) end
9 constant K | local K = 3
""",
    ),
    # Bash: variables of any kind, functions of both forms.
    (
        "a.sh",
        """\
#!/bin/bash
source ./lib.sh
. other.sh
# Doc.
readonly MAX=1
NAME="x"
export Z=2
declare -r Q=1
say() { echo "$1"; }
function other { :; }
if true; then
 inner() { :; }
fi
-----
4 constant MAX | readonly MAX=1 | Doc.
5 constant NAME | NAME="x"
6 constant Z | export Z=2
7 constant Q | declare -r Q=1
8 function say | say()
9 function other | function other
11 function inner | inner()
""",
    ),
    # SQL: tables and their columns, views, functions, later columns.
    (
        "a.sql",
        """\
-- Users.
CREATE TABLE IF NOT EXISTS app.users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  "odd name" int
);
CREATE VIEW v AS SELECT id, name FROM app.users u JOIN other o ON o.id = u.id;
CREATE FUNCTION f(a int) RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql;
CREATE INDEX i ON users (name);
CREATE TYPE mood AS ENUM ('sad');
ALTER TABLE users ADD COLUMN age int;
-----
1 type users | CREATE TABLE IF NOT EXISTS app.users | Users.
2 field users.id | id INTEGER PRIMARY KEY
3 field users.name | name TEXT NOT NULL
6 type v | CREATE VIEW v
7 function f | CREATE FUNCTION f(a int) RETURNS int
9 type mood | CREATE TYPE mood AS ENUM ('sad')
10 field users.age | age int
""",
    ),
    # JavaScript: modules of Node, prototypes, fields of a constructor.
    (
        "a.js",
        """\
const fs = require("fs");
// Doc.
function top(a, b) { return a; }
exports.helper = function (x) { return x; };
module.exports = { top };
Foo.prototype.bar = function () {};
class Foo extends Base {
  #secret = 1;
  constructor() { super(); this.size = 1; this.call(); }
  get area() { return 2; }
}
const arrow = (x) => x + 1;
let { q, r } = z;
-----
2 function top | function top(a, b) | Doc.
3 function helper | exports.helper = function (x)
5 method Foo.bar | Foo.prototype.bar = function ()
6 class Foo | class Foo extends Base
7 field Foo.secret | #secret = 1
8 method Foo.constructor | constructor()
8 field Foo.size | this.size = 1
9 method Foo.area | get area()
11 function arrow | const arrow = (x)
""",
    ),
    # TypeScript with JSX: a component is a function, the text in it is none.
    (
        "a.tsx",
        """\
/** A button. */
export const Button: FC<Props> = ({ label }) => {
  return <b>some text {label}</b>;
};
-----
1 function Button | export const Button: FC<Props> = ({ label }) | A button.
""",
    ),
    # What does not parse: the definitions around the fault are found.
    (
        "broken.py",
        """\
def whole(a):
    return a

def half(a):
    return a +

x = = 1

class Later:
    def method(self) -> int:
        return 1
-----
0 function whole | def whole(a)
3 function half | def half(a): return a +
6 constant x | x = = 1
8 class Later | class Later
9 method Later.method | def method(self) -> int
""",
    ),
    # A header over several lines is one line; a long value is cut.
    (
        "long.py",
        """\
def call(
    first: int,
    *rest: str,
) -> dict[
    str, int
]:
    pass
TABLE = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}
-----
0 function call | def call(first: int, *rest: str) -> dict[str, int]
7 constant TABLE | TABLE =
""",
    ),
    # Functions in functions are nobody else's.
    (
        "nested.py",
        """\
def outer():
    def inner():
        pass
    class Local:
        pass
-----
0 function outer | def outer()
""",
    ),
    # A language that is not read has no outline.
    (
        "names.md",
        """\
# def nothing(): pass
-----

""",
    ),
]


@pytest.mark.parametrize(("path", "picture"), PICTURES)
def test_outline(path: str, picture: str) -> None:
    text, expected = picture.split(_LINE)
    assert "\n".join(outline(path, text)) + "\n" == expected
