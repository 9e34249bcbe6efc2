// For Android Studio. `cargo xtask android` needs none of this: see README.md.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode.set(RepositoriesMode.FAIL_ON_PROJECT_REPOS)
    repositories {
        // octroi itself, as `cargo xtask` packs it.
        exclusiveContent {
            forRepository { maven { url = uri("../dist/maven") } }
            filter { includeGroup("be.octroi") }
        }
        google()
        mavenCentral()
    }
}

rootProject.name = "octroi-sample"
