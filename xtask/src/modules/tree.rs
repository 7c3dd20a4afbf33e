//! The modules of a crate, each a file or an inline block: what is written in them, and the names that they import.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use syn::{Item, ItemMod, UseTree, Visibility};

use super::references::{References, is_for_tests};
use crate::failure::Failure;

/// The text of a file, where there is one.
pub type Sources<'a> = dyn Fn(&Path) -> Option<String> + 'a;

/// A crate; its root is the first module.
#[derive(Default)]
pub struct Crate {
    /// Every module.
    pub modules: Vec<Module>,
}

/// A module.
#[derive(Default)]
pub struct Module {
    /// Its path within the crate: names of its ancestors and its own.
    pub path: Vec<String>,
    /// The module around it.
    pub parent: Option<usize>,
    /// Modules inside it, by name.
    pub children: HashMap<String, usize>,
    /// Names of what is written in it.
    pub items: Vec<String>,
    /// What `use` brings into it.
    pub imports: Vec<Import>,
    /// Other paths that occur in it.
    pub paths: Vec<Vec<String>>,
}

/// One name that `use` brings in.
pub struct Import {
    /// The name in this module; `None` for `*`.
    pub name: Option<String>,
    /// Where it comes from.
    pub path: Vec<String>,
    /// Whether others may take it from here.
    pub passed_on: bool,
}

impl Module {
    /// Its name in messages.
    pub fn name(&self) -> String {
        if self.path.is_empty() { "the crate's root".to_owned() } else { self.path.join("::") }
    }
}

impl Crate {
    /// Reads a crate from its root file.
    pub fn read(root: &Path, read: &Sources) -> Result<Self, Failure> {
        let mut whole = Self::default();
        let directory = root.parent().unwrap_or(Path::new("")).to_owned();
        whole.add_file(root, &directory, None, Vec::new(), read)?;
        Ok(whole)
    }

    /// Adds the module that a file holds; files of its children lie in `directory`.
    fn add_file(
        &mut self,
        file: &Path,
        directory: &Path,
        parent: Option<usize>,
        path: Vec<String>,
        read: &Sources,
    ) -> Result<usize, Failure> {
        let text = read(file).ok_or_else(|| format!("{}: no such file", file.display()))?;
        let syntax = syn::parse_file(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        self.add(&syntax.items, (file, directory), parent, path, read)
    }

    /// Adds a module and everything inside it.
    fn add(
        &mut self,
        items: &[Item],
        (file, directory): (&Path, &Path),
        parent: Option<usize>,
        path: Vec<String>,
        read: &Sources,
    ) -> Result<usize, Failure> {
        let number = self.modules.len();
        self.modules.push(Module { path, parent, ..Module::default() });
        for item in items.iter().filter(|item| !is_for_tests(item)) {
            match item {
                Item::Mod(inner) => self.add_child(inner, (file, directory), number, read)?,
                Item::Use(import) => {
                    let passed_on = !matches!(import.vis, Visibility::Inherited);
                    flatten(&import.tree, Vec::new(), passed_on, &mut self.modules[number].imports);
                }
                other => {
                    self.modules[number].items.extend(name_of(other));
                    self.modules[number].read_paths(other);
                }
            }
        }
        Ok(number)
    }

    fn add_child(
        &mut self,
        inner: &ItemMod,
        (file, directory): (&Path, &Path),
        parent: usize,
        read: &Sources,
    ) -> Result<(), Failure> {
        let name = inner.ident.to_string();
        let mut path = self.modules[parent].path.clone();
        path.push(name.clone());
        let below = directory.join(&name);
        let child = match (&inner.content, path_attribute(inner)) {
            (Some((_, items)), _) => self.add(items, (file, &below), Some(parent), path, read)?,
            (None, Some(elsewhere)) => {
                let file = normal(&file.parent().unwrap_or(Path::new("")).join(elsewhere));
                let directory = file.parent().unwrap_or(Path::new("")).to_owned();
                self.add_file(&file, &directory, Some(parent), path, read)?
            }
            (None, None) => {
                let beside = directory.join(format!("{name}.rs"));
                let file = if read(&beside).is_some() { beside } else { below.join("mod.rs") };
                self.add_file(&file, &below, Some(parent), path, read)?
            }
        };
        self.modules[parent].children.insert(name, child);
        Ok(())
    }
}

impl Module {
    /// Notes the paths of an item, and what `use` inside its functions brings in.
    fn read_paths(&mut self, item: &Item) {
        let found = References::of(item);
        self.paths.extend(found.paths);
        for tree in &found.imports {
            flatten(tree, Vec::new(), false, &mut self.imports);
        }
    }
}

/// The single names of a tree of imports.
fn flatten(tree: &UseTree, mut path: Vec<String>, passed_on: bool, out: &mut Vec<Import>) {
    match tree {
        UseTree::Path(step) => {
            path.push(step.ident.to_string());
            flatten(&step.tree, path, passed_on, out);
        }
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| flatten(tree, path.clone(), passed_on, out));
        }
        UseTree::Glob(_) => out.push(Import { name: None, path, passed_on }),
        UseTree::Name(last) => {
            let last = last.ident.to_string();
            if last != "self" {
                path.push(last);
            }
            out.push(Import { name: path.last().cloned(), path, passed_on });
        }
        UseTree::Rename(last) => {
            if last.ident != "self" {
                path.push(last.ident.to_string());
            }
            out.push(Import { name: Some(last.rename.to_string()), path, passed_on });
        }
    }
}

/// The name that an item gives to its module.
fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// The file that `#[path = "..."]` names.
fn path_attribute(inner: &ItemMod) -> Option<PathBuf> {
    inner.attrs.iter().find_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(file), .. }) => Some(file.value().into()),
            _ => None,
        },
        _ => None,
    })
}

/// The path without `..`.
fn normal(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut whole, part| {
        if part != Component::ParentDir || !whole.pop() {
            whole.push(part);
        }
        whole
    })
}
