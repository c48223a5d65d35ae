package com.example.plain;

import io.camure.Coordinator;
import io.camure.CoordinatorBarrier;
import io.camure.GroupConfig;
import java.net.InetSocketAddress;
import java.time.Duration;

public class StartCoordinator {

    public static void main(String[] args) throws InterruptedException {
        InetSocketAddress bind = new InetSocketAddress("127.0.0.1", 7400);
        InetSocketAddress multicast = new InetSocketAddress("239.255.74.0", 7401);
        try (Coordinator coordinator = Coordinator.start(bind, multicast)) {
            GroupConfig config = GroupConfig.builder().id(0).expectedMembers(1).build();
            CoordinatorBarrier startLine = coordinator.createBarrier(config);
            System.out.println("at the coordinator: " + startLine.await(Duration.ofHours(1)));
        }
    }
}
