package io.camure.doctor.cli;

import io.camure.CoordinatorConfig;
import io.camure.DeliveryMode;
import io.camure.SessionStartException;
import io.camure.doctor.ListeningDoctor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Stands in the place of a coordinator, to be checked. */
@Command(
        name = "listen",
        description = {
            "Binds the addresses that a coordinator would, and answers camure-doctor check until it is stopped.",
            "Run it where the coordinator is to run, while that does not run."
        },
        mixinStandardHelpOptions = true)
final class ListenCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--bind-address",
            paramLabel = "HOST:PORT",
            description = "camure.coordinator.bind-address",
            converter = HostPort.Converter.class)
    @Nullable
    HostPort bindAddress;

    @Option(
            names = "--multicast-address",
            paramLabel = "HOST:PORT",
            description = "camure.coordinator.multicast-address",
            converter = HostPort.Converter.class)
    @Nullable
    HostPort multicastAddress;

    @Option(
            names = "--delivery",
            paramLabel = "auto|multicast|unicast",
            description = "camure.coordinator.delivery (default: ${DEFAULT-VALUE})",
            defaultValue = "auto")
    DeliveryMode delivery = DeliveryMode.AUTO;

    @Option(
            names = "--multicast-ttl",
            paramLabel = "HOPS",
            description = "camure.coordinator.multicast-ttl (default: ${DEFAULT-VALUE})",
            defaultValue = "1")
    int multicastTtl;

    @Option(
            names = "--chunk-size",
            paramLabel = "BYTES",
            description = "camure.coordinator.chunk-size (default: what the network interface takes)")
    @Nullable
    Integer chunkSize;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Mixin
    CertificateOptions certificates = new CertificateOptions();

    @Option(
            names = "--allowed-member",
            paramLabel = "NAME",
            description = "camure.security.allowed-members; may be given several times")
    List<String> allowedMembers = List.of();

    @Option(names = "--seconds", paramLabel = "SECONDS", description = "stop after so long by itself")
    @Nullable
    Long seconds;

    @Override
    public Integer call() throws IOException {
        CommandSpec command = Objects.requireNonNull(spec);
        PrintWriter out = command.commandLine().getOut();
        try (ListeningDoctor doctor = ListeningDoctor.open(
                bindAddress == null ? null : bindAddress.resolve(),
                multicastAddress == null ? null : multicastAddress.resolve(),
                config(command),
                line -> {
                    out.println(line);
                    out.flush();
                })) {
            doctor.describe().forEach(out::println);
            out.flush();
            doctor.run(seconds == null ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(seconds));
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        } catch (SessionStartException | IOException e) {
            command.commandLine().getErr().println(e.getMessage());
            return 1;
        }
    }

    private CoordinatorConfig config(CommandSpec command) {
        CoordinatorConfig.Builder builder = CoordinatorConfig.builder()
                .name("listening doctor")
                .delivery(delivery)
                .multicastTtl(multicastTtl)
                .transport(node.transport)
                .receiveBuffer(node.receiveBuffer);
        if (chunkSize != null) {
            builder.chunkSize(chunkSize);
        }
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
                                .map(each -> each.allowedMembers(allowedMembers.toArray(String[]::new))))
                .ifPresent(builder::security);
        return builder.build();
    }
}
