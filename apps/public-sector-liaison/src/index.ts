export { publicSectorLiaison } from './public-sector-liaison.module';
