/** Apart from `database`, so that a service without tables neither loads nor ships TypeORM. */
export { DatabaseUnavailableError, isDatabaseUnavailable } from '../database/database-errors';
