/** The state of a session, numbered: signing in and out opens an epoch. */
export interface Version {
  epoch: number;
  generation: number;
}

/** As whom something was begun. */
export interface Identity {
  epoch: number;
  subject: string | undefined;
}

/** The generation that no other of the same epoch can follow. */
export const END = Infinity;

export function isEqual(one: Version, other: Version): boolean {
  return one.epoch === other.epoch && one.generation === other.generation;
}

export function isAfter(one: Version, other: Version): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.generation > other.generation);
}

/** Subjects decide where both are known; otherwise only the same sign-in is the same person. */
export function isSame(one: Identity, other: Identity): boolean {
  if (one.subject === undefined || other.subject === undefined) return one.epoch === other.epoch;
  return one.subject === other.subject;
}
