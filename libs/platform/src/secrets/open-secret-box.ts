import type { Logger } from 'pino';
import { readOrCreateKeyFile } from './key-file';
import { LocalSecretBox } from './local.secret-box';
import { newSealingKeyText, readSealingKeys } from './sealing-key';
import type { SecretBox } from './secret-box';
import type { SecretsConfig } from './secrets.env';
import { VaultSecretBox } from './vault.secret-box';

/** Injection token of a service's box. */
export const SECRET_BOX = Symbol('SECRET_BOX');

/**
 * The one place that chooses between the two fillings (DESIGN section 5). A Vault that is away does not keep it from opening.
 * @throws what the key file could not be read or made with
 */
export async function openSecretBox(config: SecretsConfig, logger: Pick<Logger, 'warn'>): Promise<SecretBox> {
  switch (config.kind) {
    case 'vault':
      return new VaultSecretBox(config.vault, (err) => {
        logger.warn({ err }, 'the Vault token could not be kept alive');
      });
    case 'keys':
      return new LocalSecretBox(config.keys);
    case 'key_file':
      return new LocalSecretBox(readSealingKeys(await readOrCreateKeyFile(config.path, newSealingKeyText)));
  }
}
