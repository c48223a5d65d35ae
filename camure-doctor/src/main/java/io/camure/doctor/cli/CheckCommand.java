package io.camure.doctor.cli;

import io.camure.MemberConfig;
import io.camure.doctor.Doctor;
import io.camure.doctor.Report;
import io.camure.doctor.Status;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Examines the way to coordinators, or to doctors that listen. */
@Command(
        name = "check",
        description = {
            "Joins the session at each address as a member does, tries what passes, and leaves.",
            "At the other side runs a coordinator, or camure-doctor listen."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:nothing is red", "1:something is red", "2:the command line is wrong"},
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "HOST:PORT",
            description = "where coordinators or listening doctors are",
            converter = HostPort.Converter.class)
    List<HostPort> addresses = List.of();

    @Mixin
    NodeOptions node = new NodeOptions();

    @Mixin
    CertificateOptions certificates = new CertificateOptions();

    @Option(
            names = "--allowed-coordinator",
            paramLabel = "NAME",
            description = "camure.security.allowed-coordinators; may be given several times")
    List<String> allowedCoordinators = List.of();

    @Option(
            names = "--name",
            description = "what this node is called in the report, and at the other side (default: its host name)")
    @Nullable
    String name;

    @Option(
            names = "--watch",
            description =
                    "look for 270 s whether multicast lasts: after that a switch that has heard no IGMP query forgets who"
                            + " listens")
    boolean watch;

    @Option(names = "--json", description = "print the report as JSON")
    boolean json;

    @Override
    public Integer call() throws Exception {
        CommandSpec command = Objects.requireNonNull(spec);
        PrintWriter out = command.commandLine().getOut();
        MemberConfig config = config(command);
        Report report = null;
        for (HostPort address : addresses) {
            if (address.port() == 0) {
                throw new ParameterException(command.commandLine(), "a port of 0 can't be asked");
            }
            Report one = Doctor.examine(address.locator(), config, watch ? Doctor.IGMP : Duration.ZERO);
            report = report == null ? one : report.plus(one);
        }
        Report found = Objects.requireNonNull(report);
        if (json) {
            Json.write(found, out);
        } else {
            new ReportText(command.commandLine().getColorScheme().ansi()).write(found, out);
        }
        out.flush();
        return found.status() == Status.RED ? 1 : 0;
    }

    private MemberConfig config(CommandSpec command) {
        try {
            MemberConfig.Builder builder =
                    MemberConfig.builder().transport(node.transport).receiveBuffer(node.receiveBuffer);
            builder.name(name != null ? name : hostName());
            if (node.sessionName != null) {
                builder.sessionName(node.sessionName);
            }
            if (node.networkInterface != null) {
                builder.networkInterface(node.networkInterface);
            }
            node.security(
                            command,
                            certificates
                                    .read(command)
                                    .map(each -> each.allowedCoordinators(allowedCoordinators.toArray(String[]::new))))
                    .ifPresent(builder::security);
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this node";
        }
    }
}
