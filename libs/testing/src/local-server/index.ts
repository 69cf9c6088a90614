export { LocalServer, type Answer } from './local-server';
