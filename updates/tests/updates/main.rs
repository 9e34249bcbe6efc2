//! What a phone believes of a repository of policies: a publisher, its mirrors, and those who attack both.

mod attacks;
mod damage;
mod news;
mod publisher;
