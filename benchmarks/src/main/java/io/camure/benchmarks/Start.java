package io.camure.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** How a JVM is started. */
public enum Start {
    /** With what the JDK brings. */
    PLAIN,

    /** With an AOT cache of classes and profiles, which Java 25 makes in a training run and Spring Boot supports. */
    AOT,

    /** With an archive of classes, made when a training run ends. */
    CDS;

    private static final int FIRST_WITH_AOT = 25;

    static Start parse(String text) {
        if (text.isEmpty()) {
            return PLAIN;
        }
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** Whether a JDK of this version can do it. */
    boolean isKnownTo(int jdkVersion) {
        return this != AOT || jdkVersion >= FIRST_WITH_AOT;
    }

    List<String> trainingOptions(Path file) {
        return switch (this) {
            case PLAIN -> List.of();
            case AOT -> List.of("-XX:AOTCacheOutput=" + file);
            case CDS -> List.of("-XX:ArchiveClassesAtExit=" + file);
        };
    }

    /** The JVM refuses to start where the file is of no use, so that nothing is measured by another name. */
    List<String> options(Path file) {
        return switch (this) {
            case PLAIN -> List.of();
            case AOT -> List.of("-XX:AOTCache=" + file, "-XX:AOTMode=on");
            case CDS -> List.of("-XX:SharedArchiveFile=" + file, "-Xshare:on");
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
