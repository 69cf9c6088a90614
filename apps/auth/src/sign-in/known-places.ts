import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { addressKey } from '@gpubroker/platform/http';
import type { EntityManager } from 'typeorm';
import { normalEmail } from '../accounts/account';
import { addressSubject, type FailureSubject } from './failure-log';
import type { Visitor } from './visitor';

/**
 * auth.known_places: from where an address has signed in within 30 days. Whoever guesses from elsewhere slows down everybody
 * else's tries but not those from here; counted together, guessing without end would lock the owner out without end.
 */
@Injectable()
export class KnownPlaces {
  constructor(private readonly database: Database) {}

  /** What a failure from there counts against. Addresses that do not exist take the same steps: nobody knows them anywhere. */
  async subjectOf(email: string, visitor: Visitor): Promise<FailureSubject> {
    const place = placeHash(email, visitor);
    const known: unknown[] = await this.database.inTransaction((manager) =>
      manager.query("SELECT 1 FROM auth.known_places WHERE place_hash = $1 AND seen_at > now() - interval '30 days'", [
        place,
      ]),
    );
    return known.length > 0 ? place : addressSubject(email);
  }

  async remember(manager: EntityManager, email: string, visitor: Visitor): Promise<void> {
    await manager.query(
      `INSERT INTO auth.known_places (place_hash, seen_at) VALUES ($1, now())
       ON CONFLICT (place_hash) DO UPDATE SET seen_at = now()`,
      [placeHash(email, visitor)],
    );
  }
}

/** The device where it says which one it is, else the network; hashed together with the address, which it says nothing of. */
function placeHash(email: string, { ip, fingerprint }: Visitor): FailureSubject {
  const place = fingerprint === undefined ? `network\n${addressKey(ip)}` : `device\n${fingerprint}`;
  return createHash('sha256')
    .update(`${normalEmail(email)}\n${place}`)
    .digest();
}
