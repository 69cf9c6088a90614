import { CreateProjection1763740000001 } from './1763740000001-create-projection';

/** In the order they run. */
export const kpiMigrations = [CreateProjection1763740000001];
