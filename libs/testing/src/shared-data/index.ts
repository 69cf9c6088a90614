export { describeWithShared, sharedDataDirectory } from './shared-data';
