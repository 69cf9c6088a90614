import { CreateCatalogue1763700000001 } from './1763700000001-create-catalogue';
import { ExtendCatalogue1763700000002 } from './1763700000002-extend-catalogue';
import { CreateOutbox1763700000003 } from './1763700000003-create-outbox';
import { MeasureTruth1763700000004 } from './1763700000004-measure-truth';
import { CreateIntegrations1763700000005 } from './1763700000005-create-integrations';
import { CreateGpuRates1763700000006 } from './1763700000006-create-gpu-rates';

/** In the order they run. */
export const providersMigrations = [
  CreateCatalogue1763700000001,
  ExtendCatalogue1763700000002,
  CreateOutbox1763700000003,
  MeasureTruth1763700000004,
  CreateIntegrations1763700000005,
  CreateGpuRates1763700000006,
];
