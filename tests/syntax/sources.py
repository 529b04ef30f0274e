"""A short piece of real-looking code in each grammar, in order as it stands."""

from __future__ import annotations

from typing import Final

SOURCES: Final = {
    "python": '''\
import re
from dataclasses import dataclass

LIMITS = {"low": 1, "high": [2, 3]}


@dataclass
class Basket:
    """What somebody wants to buy."""

    items: list[str]
    total: float = 0.0

    def add(self, name, price=1.0):
        # Twice is fine.
        if name in self.items and price > 0:
            self.total += price * 2
        elif not name:
            raise ValueError(f"no name: {name!r}")
        else:
            self.items.append(name)
        try:
            return self.total / len(self.items)
        except ZeroDivisionError:
            return None


def words(text):
    return [word.lower() for word in re.findall(r"\\w+", text)]
''',
    "javascript": """\
import { load } from './store.js';

const limits = { low: 1, high: [2, 3] };

export class Basket {
  constructor(items = []) {
    this.items = items;
  }

  add(name, price = 1) {
    // Twice is fine.
    if (this.items.includes(name)) {
      this.total += price * 2;
    } else {
      this.items.push({ name, price });
    }
    return this.items.map((item) => `${item.name}: ${item.price}`);
  }
}

async function main() {
  try {
    const basket = new Basket(await load('basket'));
    basket.add('tea', limits.high[0]);
  } catch (error) {
    console.error(error);
  }
}
""",
    "typescript": """\
interface Item {
  name: string;
  price?: number;
}

type Prices = Record<string, number>;

export class Basket<T extends Item> {
  private items: T[] = [];

  constructor(private readonly prices: Prices) {}

  add(item: T): number {
    if (item.price === undefined) {
      return this.prices[item.name] ?? 0;
    }
    this.items.push(item);
    return this.items.reduce((sum, each) => sum + (each.price as number), 0);
  }
}

export const empty = (): Basket<Item> => new Basket({ tea: 1, milk: 2 });
""",
    "tsx": """\
import { useState } from 'react';

type Props = { names: string[]; onPick: (name: string) => void };

export function Picker({ names, onPick }: Props) {
  const [open, setOpen] = useState<boolean>(false);
  if (names.length === 0) {
    return null;
  }
  return (
    <div className="picker">
      <button onClick={() => setOpen(!open)}>{open ? 'less' : 'more'}</button>
      {open && (
        <ul>
          {names.map((name) => (
            <li key={name} onClick={() => onPick(name)}>{name}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
""",
    "go": """\
package basket

import (
	"errors"
	"fmt"
)

type Item struct {
	Name  string
	Price float64
}

// Add puts an item in.
func (b *Basket) Add(item Item) error {
	if item.Name == "" {
		return errors.New("no name")
	}
	for i, other := range b.items {
		if other.Name == item.Name {
			b.items[i].Price += item.Price
			return nil
		}
	}
	b.items = append(b.items, item)
	fmt.Printf("%s: %.2f\\n", item.Name, item.Price)
	return nil
}
""",
    "rust": """\
use std::collections::HashMap;

#[derive(Debug, Clone)]
pub struct Item {
    name: String,
    price: f64,
}

impl Basket {
    pub fn add<'a>(&mut self, name: &'a str, price: f64) -> Result<(), String> {
        if name.is_empty() {
            return Err(format!("no name: {}", name));
        }
        match self.items.get_mut(name) {
            Some(item) => item.price += price,
            None => {
                let item = Item { name: name.to_string(), price };
                self.items.insert(name.to_string(), item);
            }
        }
        Ok(())
    }
}

fn total(items: &HashMap<String, Item>) -> f64 {
    items.values().map(|item| item.price).sum()
}
""",
    "java": """\
package shop;

import java.util.ArrayList;
import java.util.List;

/** What somebody wants to buy. */
public class Basket {
    private final List<Item> items = new ArrayList<>();
    private double total = 0.0;

    public double add(String name, double price) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("no name");
        }
        for (Item item : items) {
            if (item.name().equals(name)) {
                total += price * 2;
                return total;
            }
        }
        items.add(new Item(name, price));
        return items.stream().mapToDouble(Item::price).sum();
    }
}
""",
    "c": """\
#include <stdio.h>
#include <string.h>

#define LIMIT 10

struct item {
    const char *name;
    double price;
};

static double total(const struct item *items, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(items[i].name, "") == 0)
            continue;
        sum += items[i].price;
    }
    return sum;
}

int main(void)
{
    struct item items[] = {{"tea", 1.5}, {"milk", 2.0}};
    /* Both of them. */
    printf("%f\\n", total(items, LIMIT > 2 ? 2 : 1));
    return 0;
}
""",
    "cpp": """\
#include <string>
#include <vector>

namespace shop {

template <typename T>
class Basket {
  public:
    explicit Basket(std::vector<T> items) : items_(std::move(items)) {}

    double add(const T &item) {
        if (item.name.empty()) {
            return 0.0;
        }
        items_.push_back(item);
        double sum = 0;
        for (const auto &each : items_) {
            sum += each.price;
        }
        return sum;
    }

  private:
    std::vector<T> items_;
};

}  // namespace shop
""",
    "c_sharp": """\
using System;
using System.Collections.Generic;

namespace Shop
{
    public class Basket
    {
        private readonly List<Item> items = new List<Item>();

        public double Total { get; private set; }

        public double Add(string name, double price = 1.0)
        {
            if (string.IsNullOrEmpty(name))
            {
                throw new ArgumentException($"no name: {name}");
            }
            foreach (var item in items)
            {
                Total += item.Price;
            }
            items.Add(new Item(name, price));
            return Total;
        }
    }
}
""",
    "ruby": """\
require 'set'

class Basket
  attr_reader :items

  def initialize(items = [])
    @items = items
  end

  def add(name, price: 1.0)
    raise ArgumentError, "no name: #{name}" if name.empty?

    if @items.include?(name)
      @total += price * 2
    else
      @items << name
    end
    @items.map { |item| item.downcase }.each do |item|
      puts item
    end
  end
end
""",
    "php": """\
<?php

namespace Shop;

class Basket
{
    private array $items = [];

    public function add(string $name, float $price = 1.0): float
    {
        if ($name === '') {
            throw new \\InvalidArgumentException("no name");
        }
        foreach ($this->items as $key => $item) {
            if ($item['name'] === $name) {
                $this->items[$key]['price'] += $price;
                return $price * 2;
            }
        }
        $this->items[] = ['name' => $name, 'price' => $price];
        return array_sum(array_column($this->items, 'price'));
    }
}
""",
    "bash": """\
#!/bin/bash
set -e

limit=${1:-10}

add() {
  local name="$1"
  if [[ -z "$name" ]]; then
    echo "no name" >&2
    return 1
  fi
  for item in "${items[@]}"; do
    case "$item" in
      "$name") echo "twice: $item" ;;
      *) continue ;;
    esac
  done
  items+=("$name")
}

add tea
grep -c milk list.txt | sort
""",
    "lua": """\
local limits = { low = 1, high = { 2, 3 } }

local Basket = {}
Basket.__index = Basket

function Basket.new(items)
  return setmetatable({ items = items or {} }, Basket)
end

function Basket:add(name, price)
  if name == "" then
    error("no name")
  elseif limits[name] then
    self.total = (self.total or 0) + price * 2
  else
    table.insert(self.items, { name = name, price = price })
  end
  for index, item in ipairs(self.items) do
    print(index, item.name)
  end
  return #self.items
end
""",
    "html": """\
<!DOCTYPE html>
<html lang="en">
<head>
  <title>Basket</title>
</head>
<body>
  <h1 class="head">What you want to buy</h1>
  <ul id="items">
    <li><a href="/tea">Tea</a></li>
    <li>Milk, <em>fresh</em></li>
  </ul>
  <form action="/add" method="post">
    <input type="text" name="name">
    <button disabled>Add</button>
  </form>
</body>
</html>
""",
    "css": """\
:root {
  --space: 4px;
}

.basket > .item:hover,
.basket .item.chosen {
  color: #cc0000;
  margin: 0 auto calc(var(--space) * 2);
}

/* Small screens. */
@media (max-width: 600px) {
  .basket {
    display: none;
  }
}
""",
    "json": """\
{
  "name": "basket",
  "limits": {"low": 1, "high": [2, 3]},
  "items": [
    {
      "name": "tea",
      "price": 1.5
    },
    {
      "name": "milk",
      "fresh": true
    }
  ],
  "total": null
}
""",
    "yaml": """\
name: basket
limits:
  low: 1
  high: [2, 3]
items:
  - name: tea
    price: 1.5
    tags:
      - hot
      - "green"
  - name: milk
    note: |
      Fresh: from today
      only.
total: 3.5
""",
    "toml": """\
name = "basket"
limits = [1, 2, 3]

[items.tea]
price = 1.5
tags = ["hot", "green"]

[items.milk]
fresh = true
note = '''
Fresh: from today
only.
'''
""",
    "sql": """\
CREATE TABLE items (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  price REAL DEFAULT 1.0
);

SELECT name, SUM(price) AS total
FROM items
WHERE name IN ('tea', 'milk') AND price > 0
GROUP BY name
ORDER BY total DESC;

INSERT INTO items (name, price) VALUES ('tea', 1.5);
""",
}
