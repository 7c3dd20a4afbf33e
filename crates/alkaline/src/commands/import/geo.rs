//! `alkaline import geo`: a series of the Gene Expression Omnibus as the inputs of a run.

use std::path::PathBuf;
use std::time::Duration;

use alkaline_workflow::stages::import::geo::{self, GeoOptions, Network, Proxy};
use clap::{Args, ValueEnum};

use super::told::tell;
use crate::commands::count::command_line;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Whose selection is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Compat {
    /// The groups of the script of GEO2R that is given among the files: X left out, the first group against the second.
    Geo2r,
}

/// Arguments of `import geo`.
#[derive(Args, Clone, Debug)]
pub struct GeoArgs {
    /// Accession of a series (GSE...), which is fetched from NCBI; or its files, in any order: NCBI's counts with their annotation, series matrix, SOFT family, platform table, tables and
    /// _RAW.tar of the submitters, script or table of GEO2R.
    #[arg(value_name = "GSE|FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Say what the files hold, and write nothing.
    #[arg(long)]
    pub list: bool,
    /// Directory for counts.tsv or expression.tsv, samples.csv, contrasts.csv, workflow.toml and provenance.json; nothing in it is
    /// replaced.
    #[arg(short, long, value_name = "DIR", required_unless_present = "list")]
    pub out: Option<PathBuf>,
    /// A group of samples: 'KEY ~ TEXT' (contains) or 'KEY = TEXT' (is), where KEY is a characteristic, title, source or accession;
    /// 'NAME: KEY ~ TEXT' names it. One group is compared with all other samples, several with the last; the other samples are left out.
    #[arg(long = "group", value_name = "[NAME:] KEY ~ TEXT")]
    pub groups: Vec<String>,
    /// The table to take, where there are several: its name, or a part of it [default: counts before expression, NCBI's first].
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,
    /// The platform whose samples are taken, where there are several.
    #[arg(long, value_name = "GPL")]
    pub platform: Option<String>,
    /// Repeat the selection of another tool.
    #[arg(long, value_name = "TOOL", conflicts_with = "groups")]
    pub compat: Option<Compat>,
    /// Directory that files of an accession are fetched into; what is there already is not fetched again [default: as the accession].
    #[arg(long, value_name = "DIR")]
    pub download: Option<PathBuf>,
    /// A server laid out as NCBI's, in place of it; HTTPS_PROXY and NO_PROXY are honoured.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Times that a file is asked for before giving up.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub tries: u32,
    /// Seconds before a file is asked for again; doubled each time.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, hide = true)]
    pub first_wait: f64,
    #[command(flatten)]
    pub global: GlobalOptions,
}

impl GeoArgs {
    /// The files: as typed, and those of accessions, which are fetched.
    fn files(&self, console: &Console) -> Result<Vec<PathBuf>, Failure> {
        let mut files = Vec::new();
        for typed in &self.files {
            let name = typed.to_string_lossy();
            if !geo::is_accession(&name) || typed.exists() && !typed.is_dir() {
                files.push(typed.clone());
                continue;
            }
            let folder = self.download.clone().unwrap_or_else(|| typed.clone());
            let (fetched, said) = geo::series_files(&name, &self.network(), &folder)?;
            said.iter().for_each(|line| console.result(line));
            files.extend(fetched);
        }
        Ok(files)
    }

    fn network(&self) -> Network {
        let wait = Duration::try_from_secs_f64(self.first_wait).unwrap_or_default();
        Network { base_url: self.base_url.clone(), proxy: proxy(), tries: self.tries, first_wait: wait }
    }
}

/// The proxy that the environment names, as other programs understand it.
fn proxy() -> Option<Proxy> {
    let value = |name: &str| {
        std::env::var(name)
            .or_else(|_| std::env::var(name.to_lowercase()))
            .ok()
            .filter(|value| !value.is_empty())
    };
    let url = ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"].into_iter().find_map(value)?;
    Some(Proxy { url, except: value("NO_PROXY").unwrap_or_default() })
}

/// Lists or imports a series.
pub fn run(args: &GeoArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let files = args.files(&console)?;
    let Some(folder) = args.out.as_ref().filter(|_| !args.list) else {
        geo::list(&files)?.iter().for_each(|line| console.output(line));
        return Ok(());
    };
    let options = GeoOptions {
        groups: args.groups.clone(),
        table: args.table.clone(),
        platform: args.platform.clone(),
        as_geo2r: args.compat == Some(Compat::Geo2r),
        comment: command_line(),
    };
    let imported = geo::import(&files, &options, folder)?;
    tell(&console, &imported);
    Ok(())
}
