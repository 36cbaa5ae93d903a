"""KPIs: company measures as a tree, their dated readings and targets, and charts that do not read noise as success."""
