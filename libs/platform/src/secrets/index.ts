export { readOrCreateKeyFile } from './key-file';
export { LocalSecretBox } from './local.secret-box';
export { openSecretBox, SECRET_BOX } from './open-secret-box';
export { readSealingKeys, type SealingKey } from './sealing-key';
export { isSecretUnreadable, SecretUnreadableError, type SecretBox, type SecretContext } from './secret-box';
export { secretsEnv, toSecretsConfig, type SecretsConfig, type VaultSettings } from './secrets.env';
export { VaultSecretBox } from './vault.secret-box';
