export { OutboxRelay, type OutboxRelayOptions, type OutboxState, type RelayObserver } from './outbox-relay';
