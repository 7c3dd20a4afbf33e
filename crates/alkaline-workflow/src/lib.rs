//! Plan, run, resume and record a whole analysis.
