//! POMs as they are published: of a module's own what concerns others, with the versions that it was built against.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use roxmltree::{Document, Node};

use super::{Artifact, GROUP, MAVEN};
use crate::files;
use crate::version::VERSION;
use crate::workspace::Workspace;

/// The dependency with native code. A phone takes it as AAR; its jar has the libraries for computers.
const NATIVE: &str = "jna";

/// The text of an artifact's POM.
pub(super) fn text(workspace: &Workspace, artifact: &Artifact) -> Result<String> {
    let read = |path: &str| files::read(&workspace.path(MAVEN).join(path));
    let parent = read("pom.xml")?;
    let modules = artifact.modules.iter();
    let modules = modules.map(|module| read(&format!("{module}/pom.xml")));
    let modules = modules.collect::<Result<Vec<_>>>()?;
    let published = published(artifact, &parent, &modules);
    published.with_context(|| format!("the POMs in `{MAVEN}` are not as expected"))
}

fn published(artifact: &Artifact, parent: &str, modules: &[String]) -> Result<String> {
    let parent = Document::parse(parent)?;
    let modules = modules.iter().map(|module| Document::parse(module));
    let modules = modules.collect::<Result<Vec<_>, _>>()?;
    let own = modules.first().context("no module")?.root_element();
    let mut dependencies = String::new();
    for module in &modules {
        for (group, name) in needed(module.root_element())? {
            let version = version(parent.root_element(), group, name)?;
            let kind = if artifact.packaging == "aar" && name == NATIVE {
                "\n      <type>aar</type>"
            } else {
                ""
            };
            let entry = format!(
                "
    <dependency>
      <groupId>{group}</groupId>
      <artifactId>{name}</artifactId>
      <version>{version}</version>{kind}
    </dependency>"
            );
            // Several modules may need the same.
            if !dependencies.contains(&entry) {
                dependencies.push_str(&entry);
            }
        }
    }
    Ok(format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>{GROUP}</groupId>
  <artifactId>{}</artifactId>
  <version>{VERSION}</version>
  <packaging>{}</packaging>
  <name>{}</name>
  <description>{}</description>
  <licenses>
    <license>
      <name>{}</name>
    </license>
  </licenses>

  <dependencies>{dependencies}
  </dependencies>
</project>
"#,
        artifact.name,
        artifact.packaging,
        text_of(own, "name")?,
        text_of(own, "description")?,
        env!("CARGO_PKG_LICENSE"),
    ))
}

/// What a module needs of others when it runs: nothing that its user brings along, or that only its tests need.
fn needed<'a>(module: Node<'a, 'a>) -> Result<Vec<(&'a str, &'a str)>> {
    let dependencies = child(module, "dependencies")?;
    let dependencies = elements(dependencies).filter(|one| child(*one, "scope").is_err());
    dependencies
        .map(|one| Ok((text_of(one, "groupId")?, text_of(one, "artifactId")?)))
        .collect()
}

/// The version that the parent manages.
fn version<'a>(parent: Node<'a, 'a>, group: &str, name: &str) -> Result<&'a str> {
    let managed = child(child(parent, "dependencyManagement")?, "dependencies")?;
    let mut managed = elements(managed);
    let managed = managed.find(|one| {
        text_of(*one, "groupId").ok() == Some(group)
            && text_of(*one, "artifactId").ok() == Some(name)
    });
    let managed = managed.with_context(|| format!("no version of {group}:{name} is managed"))?;
    let version = text_of(managed, "version")?;
    let properties = elements(child(parent, "properties")?);
    let properties: BTreeMap<_, _> = properties
        .map(|property| (property.tag_name().name(), property.text()))
        .collect();
    let property = version
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    match property {
        None => Ok(version),
        Some(property) => {
            let value = properties.get(property).copied().flatten();
            value.with_context(|| format!("there is no property `{property}`"))
        }
    }
}

fn elements<'a>(node: Node<'a, 'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(Node::is_element)
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Result<Node<'a, 'a>> {
    let found = elements(node).find(|element| element.tag_name().name() == name);
    found.with_context(|| format!("`<{}>` has no `<{name}>`", node.tag_name().name()))
}

fn text_of<'a>(node: Node<'a, 'a>, name: &str) -> Result<&'a str> {
    let text = child(node, name)?.text();
    text.with_context(|| format!("`<{name}>` is empty"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "<project>
        <properties><jna.version>5.19.1</jna.version></properties>
        <dependencyManagement><dependencies>
            <dependency><groupId>net.java.dev.jna</groupId><artifactId>jna</artifactId><version>${jna.version}</version></dependency>
            <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4</version></dependency>
        </dependencies></dependencyManagement>
    </project>";

    fn module(dependencies: &str) -> String {
        format!(
            "<project><name>octroi</name><description>Decides.</description><dependencies>{dependencies}</dependencies></project>"
        )
    }

    fn published(packaging: &'static str, dependencies: &str) -> Result<String> {
        let artifact = Artifact {
            name: "octroi",
            modules: &[],
            packaging,
            content: Vec::new(),
        };
        let module = module(dependencies);
        super::published(&artifact, PARENT, &[module.clone(), module])
    }

    const JNA: &str =
        "<dependency><groupId>net.java.dev.jna</groupId><artifactId>jna</artifactId></dependency>";
    const JUNIT: &str = "<dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>";

    #[test]
    fn what_is_needed_is_said_once_with_its_version() {
        let pom = published("jar", &format!("{JNA}{JUNIT}")).unwrap();
        assert_eq!(pom.matches("<dependency>").count(), 1, "{pom}");
        assert!(pom.contains("<version>5.19.1</version>"), "{pom}");
        assert!(!pom.contains("junit"), "{pom}");
        assert!(!pom.contains("<type>"), "{pom}");
    }

    #[test]
    fn a_phone_takes_native_code_for_phones() {
        let pom = published("aar", JNA).unwrap();
        assert!(pom.contains("<type>aar</type>"), "{pom}");
    }

    #[test]
    fn a_dependency_without_a_version_is_an_error() {
        let unknown = JNA.replace("jna</artifactId>", "jni</artifactId>");
        let error = format!("{:#}", published("jar", &unknown).unwrap_err());
        assert_eq!(error, "no version of net.java.dev.jna:jni is managed");
    }
}
