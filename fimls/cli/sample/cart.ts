// A shopping cart: what a customer is about to buy.

export interface Product {
  name: string;
  price: number;
}

export interface Line {
  product: Product;
  quantity: number;
}

export class Cart {
  private lines: Line[] = [];

  add(product: Product, quantity: number): void {
    this.lines.push({ product, quantity });
  }

  clear(): void {
    this.lines = [];
  }

  total(): number {
    let sum = 0;
    for (const line of this.lines) {
      sum += line.product.price * line.quantity;
    }
    return sum;
  }

  count(): number {
    return this.lines.length;
  }

  isEmpty(): boolean {
    return this.lines.length === 0;
  }

  names(): string[] {
    return this.lines.map((line) => line.product.name);
  }
}
