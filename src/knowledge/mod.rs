//! From documents to sections that can be found and cited. Storing and searching them is the business of `crm`.

pub mod markdown;
