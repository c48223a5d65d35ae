package io.camure.doctor.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The command {@code camure-doctor}. */
@Command(
        name = "camure-doctor",
        description =
                "Says what the network between the nodes of a camure session lets through, and how to mend the rest.",
        mixinStandardHelpOptions = true,
        versionProvider = DoctorCommand.Version.class,
        subcommands = {CheckCommand.class, ListenCommand.class, HelpCommand.class})
public final class DoctorCommand {

    /** What the report says need not be said in between. */
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private DoctorCommand() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "warn");
        }
        return new CommandLine(new DoctorCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    /** Of the jar that runs. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = DoctorCommand.class.getPackage().getImplementationVersion();
            return new String[] {"camure-doctor " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
