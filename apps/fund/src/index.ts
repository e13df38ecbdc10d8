export { fund } from './fund.module';
