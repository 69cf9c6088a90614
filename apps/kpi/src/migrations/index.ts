import { CreateProjection1763740000001 } from './1763740000001-create-projection';
import { CreateDayPrices1763740000002 } from './1763740000002-create-day-prices';

/** In the order they run. */
export const kpiMigrations = [CreateProjection1763740000001, CreateDayPrices1763740000002];
