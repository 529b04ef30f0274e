"""A small shop's inventory: what is on the shelves, and what it is worth."""

import json
from dataclasses import dataclass


@dataclass
class Item:
    name: str
    price: float
    quantity: int

    def total(self) -> float:
        return self.price * self.quantity


class Inventory:
    def __init__(self, items: list[Item] | None = None) -> None:
        self.items = items or []

    def add(self, item: Item) -> None:
        self.items.append(item)

    def remove(self, item: Item) -> None:
        self.items.remove(item)

    def find(self, name: str) -> Item | None:
        for item in self.items:
            if item.name == name:
                return item
        return None

    def value(self) -> float:
        return sum(item.total() for item in self.items)

    def names(self) -> list[str]:
        return [item.name for item in self.items]

    def is_empty(self) -> bool:
        return len(self.items) == 0


def load(path: str) -> Inventory:
    with open(path) as file:
        data = json.load(file)
    return Inventory([Item(**row) for row in data])


def save(inventory: Inventory, path: str) -> None:
    with open(path, "w") as file:
        json.dump([item.__dict__ for item in inventory.items], file)
