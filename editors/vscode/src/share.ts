/** How far a long command is, from the server's steps to what the notification is told. */

/** A step as the protocol has it: of the kind begin, report or end. */
export interface Step {
  readonly kind: string;
  readonly message?: string;
  readonly percentage?: number;
}

/** What a notification is told: it wants the growth, where the protocol has the whole. */
export interface Growth {
  readonly message?: string;
  readonly increment?: number;
}

/** The share of one command that is done. */
export class Share {
  #percentage = 0;

  /** The growth that a step means; the share never goes back. */
  of({ message, percentage }: Step): Growth {
    if (percentage === undefined) {
      return message === undefined ? {} : { message };
    }
    const increment = Math.max(0, percentage - this.#percentage);
    this.#percentage += increment;
    return { increment, message: message ?? `${this.#percentage} %` };
  }
}
