// The same sources as Maven's, for Android Studio.
plugins {
    id("com.android.application") version "8.7.3"
    id("org.jetbrains.kotlin.android") version "2.1.21"
}

/** Ours, as Maven has it. */
val octroi = Regex("<version>(.+)</version>").find(file("pom.xml").readText())!!.groupValues[1]

android {
    namespace = "be.octroi.sample"
    compileSdk = 35

    defaultConfig {
        minSdk = 26
        targetSdk = 35
        versionCode = 1
        versionName = octroi
    }

    buildTypes {
        release {
            // octroi's AAR and the other libraries bring their own rules.
            isMinifyEnabled = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "rules.txt")
            signingConfig = signingConfigs.getByName("debug")
        }
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_1_8
        targetCompatibility = JavaVersion.VERSION_1_8
    }

    kotlinOptions {
        jvmTarget = "1.8"
    }

    // The tests belong to Maven: `cargo xtask test kotlin`.
    sourceSets.getByName("test") {
        java.setSrcDirs(emptyList<String>())
        kotlin.setSrcDirs(emptyList<String>())
    }
}

dependencies {
    implementation("be.octroi:octroi-android:$octroi")
    implementation("be.octroi:octroi-okhttp:$octroi")
    implementation("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.10.2")
}
