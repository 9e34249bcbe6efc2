//! The `octroi` command.

mod authored;
mod failure;

fn main() -> std::process::ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    match arguments
        .last()
        .map(std::path::Path::new)
        .map(authored::policy)
    {
        Some(Ok(policy)) => {
            anstream::print!("{}", policy.to_json());
            std::process::ExitCode::SUCCESS
        }
        Some(Err(e)) => {
            anstream::eprintln!("error: {e}");
            std::process::ExitCode::from(2)
        }
        None => std::process::ExitCode::from(2),
    }
}
