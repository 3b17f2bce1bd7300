// Written by `node cri-api/generate.ts` from cri-api/runtime-v1/*.proto. Do not edit.

/** A value of `Protocol`, or a number that this version of the CRI does not know. */
export type Protocol = number;

/** A value of `MountPropagation`, or a number that this version of the CRI does not know. */
export type MountPropagation = number;

/** A value of `ContainerState`, or a number that this version of the CRI does not know. */
export type ContainerState = number;

/** A value of `MetricType`, or a number that this version of the CRI does not know. */
export type MetricType = number;

/** A value of `CgroupDriver`, or a number that this version of the CRI does not know. */
export type CgroupDriver = number;

/** A value of `ContainerEventType`, or a number that this version of the CRI does not know. */
export type ContainerEventType = number;

/** A value of `PodSandboxState`, or a number that this version of the CRI does not know. */
export type PodSandboxState = number;

/** A value of `NamespaceMode`, or a number that this version of the CRI does not know. */
export type NamespaceMode = number;

/** A value of `ProfileType`, or a number that this version of the CRI does not know. */
export type ProfileType = number;

/** A value of `SupplementalGroupsPolicy`, or a number that this version of the CRI does not know. */
export type SupplementalGroupsPolicy = number;

/** A value of `Signal`, or a number that this version of the CRI does not know. */
export type Signal = number;

export type PodSandboxConfig = {
  readonly metadata: PodSandboxMetadata | null;
  /** Empty only with the network of the host. */
  readonly hostname: string;
  /** On the host; the logs of containers lie under it. */
  readonly logDirectory: string;
  readonly dnsConfig: DNSConfig | null;
  readonly portMappings: readonly PortMapping[];
  /** Come back unchanged, as do the annotations. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly linux: LinuxPodSandboxConfig | null;
  readonly windows: WindowsPodSandboxConfig | null;
};
/** For encoding: every field of `PodSandboxConfig` may be left out. */
export type PodSandboxConfigInit = {
  readonly metadata?: PodSandboxMetadataInit | null;
  readonly hostname?: string;
  readonly logDirectory?: string;
  readonly dnsConfig?: DNSConfigInit | null;
  readonly portMappings?: readonly PortMappingInit[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly linux?: LinuxPodSandboxConfigInit | null;
  readonly windows?: WindowsPodSandboxConfigInit | null;
};

/** For resolv.conf; absent or empty: that of the host. */
export type DNSConfig = {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
};
/** For encoding: every field of `DNSConfig` may be left out. */
export type DNSConfigInit = {
  readonly servers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly string[];
};

export type PortMapping = {
  readonly protocol: Protocol;
  readonly containerPort: number;
  /** 0: none. */
  readonly hostPort: number;
  readonly hostIp: string;
};
/** For encoding: every field of `PortMapping` may be left out. */
export type PortMappingInit = {
  readonly protocol?: Protocol;
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly hostIp?: string;
};

export type LinuxPodSandboxConfig = {
  /** A path, also with the systemd driver. */
  readonly cgroupParent: string;
  readonly securityContext: LinuxSandboxSecurityContext | null;
  readonly sysctls: Readonly<Record<string, string>>;
  /** Of the sandbox itself, beside `resources`, the sum of its containers. */
  readonly overhead: LinuxContainerResources | null;
  readonly resources: LinuxContainerResources | null;
};
/** For encoding: every field of `LinuxPodSandboxConfig` may be left out. */
export type LinuxPodSandboxConfigInit = {
  readonly cgroupParent?: string;
  readonly securityContext?: LinuxSandboxSecurityContextInit | null;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly overhead?: LinuxContainerResourcesInit | null;
  readonly resources?: LinuxContainerResourcesInit | null;
};

export type LinuxSandboxSecurityContext = {
  readonly namespaceOptions: NamespaceOption | null;
  readonly selinuxOptions: SELinuxOption | null;
  readonly runAsUser: Int64Value | null;
  readonly readonlyRootfs: boolean;
  readonly supplementalGroups: readonly bigint[];
  readonly privileged: boolean;
  /**
   * What `seccomp` replaced.
   * @deprecated
   */
  readonly seccompProfilePath: string;
  /** Needs run_as_user. */
  readonly runAsGroup: Int64Value | null;
  readonly seccomp: SecurityProfile | null;
  readonly apparmor: SecurityProfile | null;
  readonly supplementalGroupsPolicy: SupplementalGroupsPolicy;
};
/** For encoding: every field of `LinuxSandboxSecurityContext` may be left out. */
export type LinuxSandboxSecurityContextInit = {
  readonly namespaceOptions?: NamespaceOptionInit | null;
  readonly selinuxOptions?: SELinuxOptionInit | null;
  readonly runAsUser?: Int64ValueInit | null;
  readonly readonlyRootfs?: boolean;
  readonly supplementalGroups?: readonly bigint[];
  readonly privileged?: boolean;
  readonly seccompProfilePath?: string;
  readonly runAsGroup?: Int64ValueInit | null;
  readonly seccomp?: SecurityProfileInit | null;
  readonly apparmor?: SecurityProfileInit | null;
  readonly supplementalGroupsPolicy?: SupplementalGroupsPolicy;
};

export type ContainerConfig = {
  readonly metadata: ContainerMetadata | null;
  readonly image: ImageSpec | null;
  /** Replaces the entry point of the image. */
  readonly command: readonly string[];
  /** Replaces the command of the image. */
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly envs: readonly KeyValue[];
  readonly mounts: readonly Mount[];
  readonly devices: readonly Device[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Relative to the log directory of the sandbox. */
  readonly logPath: string;
  readonly stdin: boolean;
  /** Standard input ends with the first client that attached to it. */
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly linux: LinuxContainerConfig | null;
  readonly windows: WindowsContainerConfig | null;
  /** Since 1.27. */
  readonly cdiDevices: readonly CDIDevice[];
  /** Goes before that of the image. Since 1.33. */
  readonly stopSignal: Signal;
};
/** For encoding: every field of `ContainerConfig` may be left out. */
export type ContainerConfigInit = {
  readonly metadata?: ContainerMetadataInit | null;
  readonly image?: ImageSpecInit | null;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly envs?: readonly KeyValueInit[];
  readonly mounts?: readonly MountInit[];
  readonly devices?: readonly DeviceInit[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly logPath?: string;
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly tty?: boolean;
  readonly linux?: LinuxContainerConfigInit | null;
  readonly windows?: WindowsContainerConfigInit | null;
  readonly cdiDevices?: readonly CDIDeviceInit[];
  readonly stopSignal?: Signal;
};

export type Mount = {
  readonly containerPath: string;
  /** A symbolic link is followed. Empty with `image`. */
  readonly hostPath: string;
  readonly readonly: boolean;
  readonly selinuxRelabel: boolean;
  readonly propagation: MountPropagation;
  /** Shifts owners (idmapped mount), as do gidMappings. */
  readonly uidMappings: readonly IDMapping[];
  readonly gidMappings: readonly IDMapping[];
  /** Needs readonly and PROPAGATION_PRIVATE; cannot be met by less. Since 1.30. */
  readonly recursiveReadOnly: boolean;
  /** The content of an image, read-only, in place of a host path. Since 1.31. */
  readonly image: ImageSpec | null;
  /** Inside the image. Since 1.33. */
  readonly imageSubPath: string;
  /** noexec, nodev, nosuid. Since 1.37. */
  readonly mountOptions: readonly string[];
};
/** For encoding: every field of `Mount` may be left out. */
export type MountInit = {
  readonly containerPath?: string;
  readonly hostPath?: string;
  readonly readonly?: boolean;
  readonly selinuxRelabel?: boolean;
  readonly propagation?: MountPropagation;
  readonly uidMappings?: readonly IDMappingInit[];
  readonly gidMappings?: readonly IDMappingInit[];
  readonly recursiveReadOnly?: boolean;
  readonly image?: ImageSpecInit | null;
  readonly imageSubPath?: string;
  readonly mountOptions?: readonly string[];
};

/** A directory stands for all devices in it. */
export type Device = {
  readonly containerPath: string;
  readonly hostPath: string;
  /** Of the cgroup: some of r, w, m. */
  readonly permissions: string;
};
/** For encoding: every field of `Device` may be left out. */
export type DeviceInit = {
  readonly containerPath?: string;
  readonly hostPath?: string;
  readonly permissions?: string;
};

export type CDIDevice = {
  /** Fully qualified: vendor.com/class=name. */
  readonly name: string;
};
/** For encoding: every field of `CDIDevice` may be left out. */
export type CDIDeviceInit = {
  readonly name?: string;
};

export type LinuxContainerConfig = {
  readonly resources: LinuxContainerResources | null;
  readonly securityContext: LinuxContainerSecurityContext | null;
};
/** For encoding: every field of `LinuxContainerConfig` may be left out. */
export type LinuxContainerConfigInit = {
  readonly resources?: LinuxContainerResourcesInit | null;
  readonly securityContext?: LinuxContainerSecurityContextInit | null;
};

export type LinuxContainerSecurityContext = {
  readonly capabilities: Capability | null;
  /** All capabilities and devices, nothing masked, no confinement. */
  readonly privileged: boolean;
  readonly namespaceOptions: NamespaceOption | null;
  readonly selinuxOptions: SELinuxOption | null;
  readonly runAsUser: Int64Value | null;
  /** Must be in the passwd file of the image. */
  readonly runAsUsername: string;
  readonly readonlyRootfs: boolean;
  readonly supplementalGroups: readonly bigint[];
  /**
   * What `apparmor` replaced.
   * @deprecated
   */
  readonly apparmorProfile: string;
  /**
   * What `seccomp` replaced.
   * @deprecated
   */
  readonly seccompProfilePath: string;
  readonly noNewPrivs: boolean;
  /** Needs run_as_user or run_as_username. */
  readonly runAsGroup: Int64Value | null;
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
  readonly seccomp: SecurityProfile | null;
  readonly apparmor: SecurityProfile | null;
  readonly supplementalGroupsPolicy: SupplementalGroupsPolicy;
};
/** For encoding: every field of `LinuxContainerSecurityContext` may be left out. */
export type LinuxContainerSecurityContextInit = {
  readonly capabilities?: CapabilityInit | null;
  readonly privileged?: boolean;
  readonly namespaceOptions?: NamespaceOptionInit | null;
  readonly selinuxOptions?: SELinuxOptionInit | null;
  readonly runAsUser?: Int64ValueInit | null;
  readonly runAsUsername?: string;
  readonly readonlyRootfs?: boolean;
  readonly supplementalGroups?: readonly bigint[];
  readonly apparmorProfile?: string;
  readonly seccompProfilePath?: string;
  readonly noNewPrivs?: boolean;
  readonly runAsGroup?: Int64ValueInit | null;
  readonly maskedPaths?: readonly string[];
  readonly readonlyPaths?: readonly string[];
  readonly seccomp?: SecurityProfileInit | null;
  readonly apparmor?: SecurityProfileInit | null;
  readonly supplementalGroupsPolicy?: SupplementalGroupsPolicy;
};

/** Names without CAP_; ALL stands for every one. */
export type Capability = {
  readonly addCapabilities: readonly string[];
  readonly dropCapabilities: readonly string[];
  /** Into all five sets, the others into four. */
  readonly addAmbientCapabilities: readonly string[];
};
/** For encoding: every field of `Capability` may be left out. */
export type CapabilityInit = {
  readonly addCapabilities?: readonly string[];
  readonly dropCapabilities?: readonly string[];
  readonly addAmbientCapabilities?: readonly string[];
};

/** A container in a list. */
export type Container = {
  readonly id: string;
  readonly podSandboxId: string;
  readonly metadata: ContainerMetadata | null;
  readonly image: ImageSpec | null;
  /** With a digest, as in ContainerStatus. */
  readonly imageRef: string;
  readonly state: ContainerState;
  /** Nanoseconds since 1970, as all times here. */
  readonly createdAt: bigint;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Image.id. Since 1.30. */
  readonly imageId: string;
};
/** For encoding: every field of `Container` may be left out. */
export type ContainerInit = {
  readonly id?: string;
  readonly podSandboxId?: string;
  readonly metadata?: ContainerMetadataInit | null;
  readonly image?: ImageSpecInit | null;
  readonly imageRef?: string;
  readonly state?: ContainerState;
  readonly createdAt?: bigint;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly imageId?: string;
};

export type ContainerStatus = {
  readonly id: string;
  readonly metadata: ContainerMetadata | null;
  readonly state: ContainerState;
  readonly createdAt: bigint;
  readonly startedAt: bigint;
  readonly finishedAt: bigint;
  /** 128 + n after signal n. */
  readonly exitCode: number;
  /** By the name that users know. */
  readonly image: ImageSpec | null;
  /** With a digest: repository@sha256:…. */
  readonly imageRef: string;
  /** One word: Completed, Error, OOMKilled. */
  readonly reason: string;
  readonly message: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Those of the request, no others. */
  readonly mounts: readonly Mount[];
  /** Absolute. */
  readonly logPath: string;
  readonly resources: ContainerResources | null;
  /** Image.id. Since 1.30. */
  readonly imageId: string;
  /** As it turned out at the start. Since 1.31. */
  readonly user: ContainerUser | null;
  /** The one that StopContainer sends. Since 1.33. */
  readonly stopSignal: Signal;
};
/** For encoding: every field of `ContainerStatus` may be left out. */
export type ContainerStatusInit = {
  readonly id?: string;
  readonly metadata?: ContainerMetadataInit | null;
  readonly state?: ContainerState;
  readonly createdAt?: bigint;
  readonly startedAt?: bigint;
  readonly finishedAt?: bigint;
  readonly exitCode?: number;
  readonly image?: ImageSpecInit | null;
  readonly imageRef?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly mounts?: readonly MountInit[];
  readonly logPath?: string;
  readonly resources?: ContainerResourcesInit | null;
  readonly imageId?: string;
  readonly user?: ContainerUserInit | null;
  readonly stopSignal?: Signal;
};

export type ContainerResources = {
  readonly linux: LinuxContainerResources | null;
  readonly windows: WindowsContainerResources | null;
};
/** For encoding: every field of `ContainerResources` may be left out. */
export type ContainerResourcesInit = {
  readonly linux?: LinuxContainerResourcesInit | null;
  readonly windows?: WindowsContainerResourcesInit | null;
};

export type ContainerUser = {
  readonly linux: LinuxContainerUser | null;
};
/** For encoding: every field of `ContainerUser` may be left out. */
export type ContainerUserInit = {
  readonly linux?: LinuxContainerUserInit | null;
};

export type LinuxContainerUser = {
  readonly uid: bigint;
  readonly gid: bigint;
  readonly supplementalGroups: readonly bigint[];
};
/** For encoding: every field of `LinuxContainerUser` may be left out. */
export type LinuxContainerUserInit = {
  readonly uid?: bigint;
  readonly gid?: bigint;
  readonly supplementalGroups?: readonly bigint[];
};

export type CreateContainerRequest = {
  readonly podSandboxId: string;
  readonly config: ContainerConfig | null;
  /** As in RunPodSandbox. */
  readonly sandboxConfig: PodSandboxConfig | null;
};
/** For encoding: every field of `CreateContainerRequest` may be left out. */
export type CreateContainerRequestInit = {
  readonly podSandboxId?: string;
  readonly config?: ContainerConfigInit | null;
  readonly sandboxConfig?: PodSandboxConfigInit | null;
};

export type CreateContainerResponse = {
  readonly containerId: string;
};
/** For encoding: every field of `CreateContainerResponse` may be left out. */
export type CreateContainerResponseInit = {
  readonly containerId?: string;
};

export type StartContainerRequest = {
  readonly containerId: string;
};
/** For encoding: every field of `StartContainerRequest` may be left out. */
export type StartContainerRequestInit = {
  readonly containerId?: string;
};

export type StartContainerResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `StartContainerResponse` may be left out. */
export type StartContainerResponseInit = StartContainerResponse;

export type StopContainerRequest = {
  readonly containerId: string;
  /** Seconds between the stop signal and SIGKILL; 0: SIGKILL at once. */
  readonly timeout: bigint;
};
/** For encoding: every field of `StopContainerRequest` may be left out. */
export type StopContainerRequestInit = {
  readonly containerId?: string;
  readonly timeout?: bigint;
};

export type StopContainerResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `StopContainerResponse` may be left out. */
export type StopContainerResponseInit = StopContainerResponse;

export type RemoveContainerRequest = {
  readonly containerId: string;
};
/** For encoding: every field of `RemoveContainerRequest` may be left out. */
export type RemoveContainerRequestInit = {
  readonly containerId?: string;
};

export type RemoveContainerResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `RemoveContainerResponse` may be left out. */
export type RemoveContainerResponseInit = RemoveContainerResponse;

/** In a filter: absent means any state. */
export type ContainerStateValue = {
  readonly state: ContainerState;
};
/** For encoding: every field of `ContainerStateValue` may be left out. */
export type ContainerStateValueInit = {
  readonly state?: ContainerState;
};

/** Everything given must hold; every label must match. */
export type ContainerFilter = {
  /** Or a prefix that only one has. */
  readonly id: string;
  readonly state: ContainerStateValue | null;
  readonly podSandboxId: string;
  readonly labelSelector: Readonly<Record<string, string>>;
};
/** For encoding: every field of `ContainerFilter` may be left out. */
export type ContainerFilterInit = {
  readonly id?: string;
  readonly state?: ContainerStateValueInit | null;
  readonly podSandboxId?: string;
  readonly labelSelector?: Readonly<Record<string, string>>;
};

export type ListContainersRequest = {
  readonly filter: ContainerFilter | null;
};
/** For encoding: every field of `ListContainersRequest` may be left out. */
export type ListContainersRequestInit = {
  readonly filter?: ContainerFilterInit | null;
};

export type ListContainersResponse = {
  readonly containers: readonly Container[];
};
/** For encoding: every field of `ListContainersResponse` may be left out. */
export type ListContainersResponseInit = {
  readonly containers?: readonly ContainerInit[];
};

export type StreamContainersRequest = {
  readonly filter: ContainerFilter | null;
};
/** For encoding: every field of `StreamContainersRequest` may be left out. */
export type StreamContainersRequestInit = {
  readonly filter?: ContainerFilterInit | null;
};

export type StreamContainersResponse = {
  readonly containers: readonly Container[];
};
/** For encoding: every field of `StreamContainersResponse` may be left out. */
export type StreamContainersResponseInit = {
  readonly containers?: readonly ContainerInit[];
};

export type ContainerStatusRequest = {
  readonly containerId: string;
  /** Fills `info`. */
  readonly verbose: boolean;
};
/** For encoding: every field of `ContainerStatusRequest` may be left out. */
export type ContainerStatusRequestInit = {
  readonly containerId?: string;
  readonly verbose?: boolean;
};

export type ContainerStatusResponse = {
  readonly status: ContainerStatus | null;
  /** The values are JSON. */
  readonly info: Readonly<Record<string, string>>;
};
/** For encoding: every field of `ContainerStatusResponse` may be left out. */
export type ContainerStatusResponseInit = {
  readonly status?: ContainerStatusInit | null;
  readonly info?: Readonly<Record<string, string>>;
};

export type UpdateContainerResourcesRequest = {
  readonly containerId: string;
  readonly linux: LinuxContainerResources | null;
  readonly windows: WindowsContainerResources | null;
  readonly annotations: Readonly<Record<string, string>>;
};
/** For encoding: every field of `UpdateContainerResourcesRequest` may be left out. */
export type UpdateContainerResourcesRequestInit = {
  readonly containerId?: string;
  readonly linux?: LinuxContainerResourcesInit | null;
  readonly windows?: WindowsContainerResourcesInit | null;
  readonly annotations?: Readonly<Record<string, string>>;
};

export type UpdateContainerResourcesResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `UpdateContainerResourcesResponse` may be left out. */
export type UpdateContainerResourcesResponseInit = UpdateContainerResourcesResponse;

export type ReopenContainerLogRequest = {
  readonly containerId: string;
};
/** For encoding: every field of `ReopenContainerLogRequest` may be left out. */
export type ReopenContainerLogRequestInit = {
  readonly containerId?: string;
};

export type ReopenContainerLogResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `ReopenContainerLogResponse` may be left out. */
export type ReopenContainerLogResponseInit = ReopenContainerLogResponse;

export type ExecSyncRequest = {
  readonly containerId: string;
  readonly cmd: readonly string[];
  /** Seconds; 0: no limit. */
  readonly timeout: bigint;
};
/** For encoding: every field of `ExecSyncRequest` may be left out. */
export type ExecSyncRequestInit = {
  readonly containerId?: string;
  readonly cmd?: readonly string[];
  readonly timeout?: bigint;
};

export type ExecSyncResponse = {
  /** At most 16 MiB; as for stderr, the rest is thrown away. */
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly exitCode: number;
};
/** For encoding: every field of `ExecSyncResponse` may be left out. */
export type ExecSyncResponseInit = {
  readonly stdout?: Uint8Array;
  readonly stderr?: Uint8Array;
  readonly exitCode?: number;
};

/** At least one stream; no stderr with a tty. */
export type ExecRequest = {
  readonly containerId: string;
  readonly cmd: readonly string[];
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
};
/** For encoding: every field of `ExecRequest` may be left out. */
export type ExecRequestInit = {
  readonly containerId?: string;
  readonly cmd?: readonly string[];
  readonly tty?: boolean;
  readonly stdin?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
};

export type ExecResponse = {
  readonly url: string;
};
/** For encoding: every field of `ExecResponse` may be left out. */
export type ExecResponseInit = {
  readonly url?: string;
};

export type AttachRequest = {
  readonly containerId: string;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
};
/** For encoding: every field of `AttachRequest` may be left out. */
export type AttachRequestInit = {
  readonly containerId?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
};

export type AttachResponse = {
  readonly url: string;
};
/** For encoding: every field of `AttachResponse` may be left out. */
export type AttachResponseInit = {
  readonly url?: string;
};

export type CheckpointContainerRequest = {
  readonly containerId: string;
  /** File to write. */
  readonly location: string;
  /** Seconds; 0: the choice of the runtime. */
  readonly timeout: bigint;
};
/** For encoding: every field of `CheckpointContainerRequest` may be left out. */
export type CheckpointContainerRequestInit = {
  readonly containerId?: string;
  readonly location?: string;
  readonly timeout?: bigint;
};

export type CheckpointContainerResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `CheckpointContainerResponse` may be left out. */
export type CheckpointContainerResponseInit = CheckpointContainerResponse;

/** An image as it is kept. */
export type Image = {
  /** What PullImage answers and containers show as image_id. */
  readonly id: string;
  /** With registry, repository and tag. */
  readonly repoTags: readonly string[];
  /** One for each repository it came from. */
  readonly repoDigests: readonly string[];
  /** Bytes; never 0. */
  readonly size: bigint;
  /** Absent when the image names its user. */
  readonly uid: Int64Value | null;
  /** Empty when the image numbers its user. */
  readonly username: string;
  readonly spec: ImageSpec | null;
  /** The kubelet does not collect it. */
  readonly pinned: boolean;
};
/** For encoding: every field of `Image` may be left out. */
export type ImageInit = {
  readonly id?: string;
  readonly repoTags?: readonly string[];
  readonly repoDigests?: readonly string[];
  readonly size?: bigint;
  readonly uid?: Int64ValueInit | null;
  readonly username?: string;
  readonly spec?: ImageSpecInit | null;
  readonly pinned?: boolean;
};

export type ImageFilter = {
  /** An empty name means all. */
  readonly image: ImageSpec | null;
};
/** For encoding: every field of `ImageFilter` may be left out. */
export type ImageFilterInit = {
  readonly image?: ImageSpecInit | null;
};

export type ListImagesRequest = {
  readonly filter: ImageFilter | null;
};
/** For encoding: every field of `ListImagesRequest` may be left out. */
export type ListImagesRequestInit = {
  readonly filter?: ImageFilterInit | null;
};

export type ListImagesResponse = {
  readonly images: readonly Image[];
};
/** For encoding: every field of `ListImagesResponse` may be left out. */
export type ListImagesResponseInit = {
  readonly images?: readonly ImageInit[];
};

export type StreamImagesRequest = {
  readonly filter: ImageFilter | null;
};
/** For encoding: every field of `StreamImagesRequest` may be left out. */
export type StreamImagesRequestInit = {
  readonly filter?: ImageFilterInit | null;
};

export type StreamImagesResponse = {
  readonly images: readonly Image[];
};
/** For encoding: every field of `StreamImagesResponse` may be left out. */
export type StreamImagesResponseInit = {
  readonly images?: readonly ImageInit[];
};

export type ImageStatusRequest = {
  readonly image: ImageSpec | null;
  readonly verbose: boolean;
};
/** For encoding: every field of `ImageStatusRequest` may be left out. */
export type ImageStatusRequestInit = {
  readonly image?: ImageSpecInit | null;
  readonly verbose?: boolean;
};

export type ImageStatusResponse = {
  readonly image: Image | null;
  readonly info: Readonly<Record<string, string>>;
};
/** For encoding: every field of `ImageStatusResponse` may be left out. */
export type ImageStatusResponseInit = {
  readonly image?: ImageInit | null;
  readonly info?: Readonly<Record<string, string>>;
};

export type AuthConfig = {
  readonly username: string;
  /** Secret: never logged. */
  readonly password: string;
  /**
   * base64 of username:password.
   * Secret: never logged.
   */
  readonly auth: string;
  readonly serverAddress: string;
  /**
   * To be exchanged for an access token.
   * Secret: never logged.
   */
  readonly identityToken: string;
  /**
   * Sent to the registry as it is.
   * Secret: never logged.
   */
  readonly registryToken: string;
};
/** For encoding: every field of `AuthConfig` may be left out. */
export type AuthConfigInit = {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly serverAddress?: string;
  readonly identityToken?: string;
  readonly registryToken?: string;
};

export type PullImageRequest = {
  readonly image: ImageSpec | null;
  /** Absent: anonymous. */
  readonly auth: AuthConfig | null;
  readonly sandboxConfig: PodSandboxConfig | null;
};
/** For encoding: every field of `PullImageRequest` may be left out. */
export type PullImageRequestInit = {
  readonly image?: ImageSpecInit | null;
  readonly auth?: AuthConfigInit | null;
  readonly sandboxConfig?: PodSandboxConfigInit | null;
};

export type PullImageResponse = {
  /** Image.id, since 1.36. */
  readonly imageRef: string;
};
/** For encoding: every field of `PullImageResponse` may be left out. */
export type PullImageResponseInit = {
  readonly imageRef?: string;
};

export type RemoveImageRequest = {
  readonly image: ImageSpec | null;
};
/** For encoding: every field of `RemoveImageRequest` may be left out. */
export type RemoveImageRequestInit = {
  readonly image?: ImageSpecInit | null;
};

export type RemoveImageResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `RemoveImageResponse` may be left out. */
export type RemoveImageResponseInit = RemoveImageResponse;

export type ImageFsInfoRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `ImageFsInfoRequest` may be left out. */
export type ImageFsInfoRequestInit = ImageFsInfoRequest;

export type ImageFsInfoResponse = {
  readonly imageFilesystems: readonly FilesystemUsage[];
  /** Of writable layers. Since 1.29. */
  readonly containerFilesystems: readonly FilesystemUsage[];
};
/** For encoding: every field of `ImageFsInfoResponse` may be left out. */
export type ImageFsInfoResponseInit = {
  readonly imageFilesystems?: readonly FilesystemUsageInit[];
  readonly containerFilesystems?: readonly FilesystemUsageInit[];
};

/** A directory of the file system. */
export type FilesystemIdentifier = {
  readonly mountpoint: string;
};
/** For encoding: every field of `FilesystemIdentifier` may be left out. */
export type FilesystemIdentifierInit = {
  readonly mountpoint?: string;
};

export type FilesystemUsage = {
  /** Nanoseconds since 1970. */
  readonly timestamp: bigint;
  readonly fsId: FilesystemIdentifier | null;
  readonly usedBytes: UInt64Value | null;
  readonly inodesUsed: UInt64Value | null;
};
/** For encoding: every field of `FilesystemUsage` may be left out. */
export type FilesystemUsageInit = {
  readonly timestamp?: bigint;
  readonly fsId?: FilesystemIdentifierInit | null;
  readonly usedBytes?: UInt64ValueInit | null;
  readonly inodesUsed?: UInt64ValueInit | null;
};

export type WindowsFilesystemUsage = {
  readonly timestamp: bigint;
  readonly fsId: FilesystemIdentifier | null;
  readonly usedBytes: UInt64Value | null;
};
/** For encoding: every field of `WindowsFilesystemUsage` may be left out. */
export type WindowsFilesystemUsageInit = {
  readonly timestamp?: bigint;
  readonly fsId?: FilesystemIdentifierInit | null;
  readonly usedBytes?: UInt64ValueInit | null;
};

export type Metric = {
  readonly name: string;
  /** Nanoseconds since 1970; 0: when it is read. */
  readonly timestamp: bigint;
  readonly metricType: MetricType;
  /** In the order of the descriptor's label_keys, one for each. */
  readonly labelValues: readonly string[];
  readonly value: UInt64Value | null;
};
/** For encoding: every field of `Metric` may be left out. */
export type MetricInit = {
  readonly name?: string;
  readonly timestamp?: bigint;
  readonly metricType?: MetricType;
  readonly labelValues?: readonly string[];
  readonly value?: UInt64ValueInit | null;
};

export type MetricDescriptor = {
  readonly name: string;
  readonly help: string;
  /** Never empty. */
  readonly labelKeys: readonly string[];
};
/** For encoding: every field of `MetricDescriptor` may be left out. */
export type MetricDescriptorInit = {
  readonly name?: string;
  readonly help?: string;
  readonly labelKeys?: readonly string[];
};

export type ContainerMetrics = {
  readonly containerId: string;
  readonly metrics: readonly Metric[];
};
/** For encoding: every field of `ContainerMetrics` may be left out. */
export type ContainerMetricsInit = {
  readonly containerId?: string;
  readonly metrics?: readonly MetricInit[];
};

export type PodSandboxMetrics = {
  readonly podSandboxId: string;
  readonly metrics: readonly Metric[];
  readonly containerMetrics: readonly ContainerMetrics[];
};
/** For encoding: every field of `PodSandboxMetrics` may be left out. */
export type PodSandboxMetricsInit = {
  readonly podSandboxId?: string;
  readonly metrics?: readonly MetricInit[];
  readonly containerMetrics?: readonly ContainerMetricsInit[];
};

export type ListMetricDescriptorsRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `ListMetricDescriptorsRequest` may be left out. */
export type ListMetricDescriptorsRequestInit = ListMetricDescriptorsRequest;

export type ListMetricDescriptorsResponse = {
  readonly descriptors: readonly MetricDescriptor[];
};
/** For encoding: every field of `ListMetricDescriptorsResponse` may be left out. */
export type ListMetricDescriptorsResponseInit = {
  readonly descriptors?: readonly MetricDescriptorInit[];
};

export type ListPodSandboxMetricsRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `ListPodSandboxMetricsRequest` may be left out. */
export type ListPodSandboxMetricsRequestInit = ListPodSandboxMetricsRequest;

export type ListPodSandboxMetricsResponse = {
  readonly podMetrics: readonly PodSandboxMetrics[];
};
/** For encoding: every field of `ListPodSandboxMetricsResponse` may be left out. */
export type ListPodSandboxMetricsResponseInit = {
  readonly podMetrics?: readonly PodSandboxMetricsInit[];
};

export type StreamPodSandboxMetricsRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `StreamPodSandboxMetricsRequest` may be left out. */
export type StreamPodSandboxMetricsRequestInit = StreamPodSandboxMetricsRequest;

export type StreamPodSandboxMetricsResponse = {
  readonly podSandboxMetrics: readonly PodSandboxMetrics[];
};
/** For encoding: every field of `StreamPodSandboxMetricsResponse` may be left out. */
export type StreamPodSandboxMetricsResponseInit = {
  readonly podSandboxMetrics?: readonly PodSandboxMetricsInit[];
};

export type VersionRequest = {
  /** Of the kubelet's API. */
  readonly version: string;
};
/** For encoding: every field of `VersionRequest` may be left out. */
export type VersionRequestInit = {
  readonly version?: string;
};

export type VersionResponse = {
  readonly version: string;
  readonly runtimeName: string;
  readonly runtimeVersion: string;
  /** v1. */
  readonly runtimeApiVersion: string;
};
/** For encoding: every field of `VersionResponse` may be left out. */
export type VersionResponseInit = {
  readonly version?: string;
  readonly runtimeName?: string;
  readonly runtimeVersion?: string;
  readonly runtimeApiVersion?: string;
};

export type StatusRequest = {
  readonly verbose: boolean;
};
/** For encoding: every field of `StatusRequest` may be left out. */
export type StatusRequestInit = {
  readonly verbose?: boolean;
};

export type StatusResponse = {
  readonly status: RuntimeStatus | null;
  /** With `verbose`; the values are JSON. */
  readonly info: Readonly<Record<string, string>>;
  readonly runtimeHandlers: readonly RuntimeHandler[];
  readonly features: RuntimeFeatures | null;
};
/** For encoding: every field of `StatusResponse` may be left out. */
export type StatusResponseInit = {
  readonly status?: RuntimeStatusInit | null;
  readonly info?: Readonly<Record<string, string>>;
  readonly runtimeHandlers?: readonly RuntimeHandlerInit[];
  readonly features?: RuntimeFeaturesInit | null;
};

export type RuntimeStatus = {
  readonly conditions: readonly RuntimeCondition[];
};
/** For encoding: every field of `RuntimeStatus` may be left out. */
export type RuntimeStatusInit = {
  readonly conditions?: readonly RuntimeConditionInit[];
};

export type RuntimeCondition = {
  /** RuntimeReady and NetworkReady must be there. */
  readonly type: string;
  readonly status: boolean;
  /** One word; the message is for people. */
  readonly reason: string;
  readonly message: string;
};
/** For encoding: every field of `RuntimeCondition` may be left out. */
export type RuntimeConditionInit = {
  readonly type?: string;
  readonly status?: boolean;
  readonly reason?: string;
  readonly message?: string;
};

/** Since 1.30. */
export type RuntimeHandler = {
  /** Empty: the default one. */
  readonly name: string;
  readonly features: RuntimeHandlerFeatures | null;
};
/** For encoding: every field of `RuntimeHandler` may be left out. */
export type RuntimeHandlerInit = {
  readonly name?: string;
  readonly features?: RuntimeHandlerFeaturesInit | null;
};

export type RuntimeHandlerFeatures = {
  readonly recursiveReadOnlyMounts: boolean;
  /** With idmapped mounts. */
  readonly userNamespaces: boolean;
};
/** For encoding: every field of `RuntimeHandlerFeatures` may be left out. */
export type RuntimeHandlerFeaturesInit = {
  readonly recursiveReadOnlyMounts?: boolean;
  readonly userNamespaces?: boolean;
};

/** What holds for every handler. Since 1.31. */
export type RuntimeFeatures = {
  readonly supplementalGroupsPolicy: boolean;
  /** Since 1.36. */
  readonly userNamespacesHostNetwork: boolean;
  /** Since 1.37. */
  readonly mountOptions: boolean;
};
/** For encoding: every field of `RuntimeFeatures` may be left out. */
export type RuntimeFeaturesInit = {
  readonly supplementalGroupsPolicy?: boolean;
  readonly userNamespacesHostNetwork?: boolean;
  readonly mountOptions?: boolean;
};

export type UpdateRuntimeConfigRequest = {
  readonly runtimeConfig: RuntimeConfig | null;
};
/** For encoding: every field of `UpdateRuntimeConfigRequest` may be left out. */
export type UpdateRuntimeConfigRequestInit = {
  readonly runtimeConfig?: RuntimeConfigInit | null;
};

export type UpdateRuntimeConfigResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `UpdateRuntimeConfigResponse` may be left out. */
export type UpdateRuntimeConfigResponseInit = UpdateRuntimeConfigResponse;

export type RuntimeConfig = {
  readonly networkConfig: NetworkConfig | null;
};
/** For encoding: every field of `RuntimeConfig` may be left out. */
export type RuntimeConfigInit = {
  readonly networkConfig?: NetworkConfigInit | null;
};

export type NetworkConfig = {
  /** Of pod addresses; may be empty. */
  readonly podCidr: string;
};
/** For encoding: every field of `NetworkConfig` may be left out. */
export type NetworkConfigInit = {
  readonly podCidr?: string;
};

export type RuntimeConfigRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `RuntimeConfigRequest` may be left out. */
export type RuntimeConfigRequestInit = RuntimeConfigRequest;

export type RuntimeConfigResponse = {
  readonly linux: LinuxRuntimeConfiguration | null;
};
/** For encoding: every field of `RuntimeConfigResponse` may be left out. */
export type RuntimeConfigResponseInit = {
  readonly linux?: LinuxRuntimeConfigurationInit | null;
};

export type LinuxRuntimeConfiguration = {
  readonly cgroupDriver: CgroupDriver;
};
/** For encoding: every field of `LinuxRuntimeConfiguration` may be left out. */
export type LinuxRuntimeConfigurationInit = {
  readonly cgroupDriver?: CgroupDriver;
};

export type GetEventsRequest = Readonly<Record<string, never>>;
/** For encoding: every field of `GetEventsRequest` may be left out. */
export type GetEventsRequestInit = GetEventsRequest;

export type ContainerEventResponse = {
  readonly containerId: string;
  readonly containerEventType: ContainerEventType;
  readonly createdAt: bigint;
  /** All of the pod as it was then, with containers_statuses. */
  readonly podSandboxStatus: PodSandboxStatus | null;
  readonly containersStatuses: readonly ContainerStatus[];
};
/** For encoding: every field of `ContainerEventResponse` may be left out. */
export type ContainerEventResponseInit = {
  readonly containerId?: string;
  readonly containerEventType?: ContainerEventType;
  readonly createdAt?: bigint;
  readonly podSandboxStatus?: PodSandboxStatusInit | null;
  readonly containersStatuses?: readonly ContainerStatusInit[];
};

/** A sandbox in a list. */
export type PodSandbox = {
  readonly id: string;
  readonly metadata: PodSandboxMetadata | null;
  readonly state: PodSandboxState;
  readonly createdAt: bigint;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly runtimeHandler: string;
};
/** For encoding: every field of `PodSandbox` may be left out. */
export type PodSandboxInit = {
  readonly id?: string;
  readonly metadata?: PodSandboxMetadataInit | null;
  readonly state?: PodSandboxState;
  readonly createdAt?: bigint;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly runtimeHandler?: string;
};

export type PodSandboxStatus = {
  readonly id: string;
  readonly metadata: PodSandboxMetadata | null;
  readonly state: PodSandboxState;
  /** Nanoseconds since 1970. */
  readonly createdAt: bigint;
  /** Of no meaning with the network of the host. */
  readonly network: PodSandboxNetworkStatus | null;
  readonly linux: LinuxPodSandboxStatus | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly runtimeHandler: string;
};
/** For encoding: every field of `PodSandboxStatus` may be left out. */
export type PodSandboxStatusInit = {
  readonly id?: string;
  readonly metadata?: PodSandboxMetadataInit | null;
  readonly state?: PodSandboxState;
  readonly createdAt?: bigint;
  readonly network?: PodSandboxNetworkStatusInit | null;
  readonly linux?: LinuxPodSandboxStatusInit | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly runtimeHandler?: string;
};

export type PodSandboxNetworkStatus = {
  /** The first address; the others in additional_ips. */
  readonly ip: string;
  readonly additionalIps: readonly PodIP[];
};
/** For encoding: every field of `PodSandboxNetworkStatus` may be left out. */
export type PodSandboxNetworkStatusInit = {
  readonly ip?: string;
  readonly additionalIps?: readonly PodIPInit[];
};

export type PodIP = {
  readonly ip: string;
};
/** For encoding: every field of `PodIP` may be left out. */
export type PodIPInit = {
  readonly ip?: string;
};

export type LinuxPodSandboxStatus = {
  readonly namespaces: Namespace | null;
};
/** For encoding: every field of `LinuxPodSandboxStatus` may be left out. */
export type LinuxPodSandboxStatusInit = {
  readonly namespaces?: NamespaceInit | null;
};

export type Namespace = {
  readonly options: NamespaceOption | null;
};
/** For encoding: every field of `Namespace` may be left out. */
export type NamespaceInit = {
  readonly options?: NamespaceOptionInit | null;
};

export type RunPodSandboxRequest = {
  readonly config: PodSandboxConfig | null;
  /** Empty: the default one. An unknown one is refused. */
  readonly runtimeHandler: string;
};
/** For encoding: every field of `RunPodSandboxRequest` may be left out. */
export type RunPodSandboxRequestInit = {
  readonly config?: PodSandboxConfigInit | null;
  readonly runtimeHandler?: string;
};

export type RunPodSandboxResponse = {
  readonly podSandboxId: string;
};
/** For encoding: every field of `RunPodSandboxResponse` may be left out. */
export type RunPodSandboxResponseInit = {
  readonly podSandboxId?: string;
};

export type StopPodSandboxRequest = {
  readonly podSandboxId: string;
};
/** For encoding: every field of `StopPodSandboxRequest` may be left out. */
export type StopPodSandboxRequestInit = {
  readonly podSandboxId?: string;
};

export type StopPodSandboxResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `StopPodSandboxResponse` may be left out. */
export type StopPodSandboxResponseInit = StopPodSandboxResponse;

export type RemovePodSandboxRequest = {
  readonly podSandboxId: string;
};
/** For encoding: every field of `RemovePodSandboxRequest` may be left out. */
export type RemovePodSandboxRequestInit = {
  readonly podSandboxId?: string;
};

export type RemovePodSandboxResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `RemovePodSandboxResponse` may be left out. */
export type RemovePodSandboxResponseInit = RemovePodSandboxResponse;

export type PodSandboxStatusRequest = {
  readonly podSandboxId: string;
  readonly verbose: boolean;
};
/** For encoding: every field of `PodSandboxStatusRequest` may be left out. */
export type PodSandboxStatusRequestInit = {
  readonly podSandboxId?: string;
  readonly verbose?: boolean;
};

export type PodSandboxStatusResponse = {
  readonly status: PodSandboxStatus | null;
  readonly info: Readonly<Record<string, string>>;
  /** For the evented PLEG, as is `timestamp`. Since 1.26. */
  readonly containersStatuses: readonly ContainerStatus[];
  readonly timestamp: bigint;
};
/** For encoding: every field of `PodSandboxStatusResponse` may be left out. */
export type PodSandboxStatusResponseInit = {
  readonly status?: PodSandboxStatusInit | null;
  readonly info?: Readonly<Record<string, string>>;
  readonly containersStatuses?: readonly ContainerStatusInit[];
  readonly timestamp?: bigint;
};

/** In a filter: absent means any state. */
export type PodSandboxStateValue = {
  readonly state: PodSandboxState;
};
/** For encoding: every field of `PodSandboxStateValue` may be left out. */
export type PodSandboxStateValueInit = {
  readonly state?: PodSandboxState;
};

/** As ContainerFilter. */
export type PodSandboxFilter = {
  readonly id: string;
  readonly state: PodSandboxStateValue | null;
  readonly labelSelector: Readonly<Record<string, string>>;
};
/** For encoding: every field of `PodSandboxFilter` may be left out. */
export type PodSandboxFilterInit = {
  readonly id?: string;
  readonly state?: PodSandboxStateValueInit | null;
  readonly labelSelector?: Readonly<Record<string, string>>;
};

export type ListPodSandboxRequest = {
  readonly filter: PodSandboxFilter | null;
};
/** For encoding: every field of `ListPodSandboxRequest` may be left out. */
export type ListPodSandboxRequestInit = {
  readonly filter?: PodSandboxFilterInit | null;
};

export type ListPodSandboxResponse = {
  readonly items: readonly PodSandbox[];
};
/** For encoding: every field of `ListPodSandboxResponse` may be left out. */
export type ListPodSandboxResponseInit = {
  readonly items?: readonly PodSandboxInit[];
};

export type StreamPodSandboxesRequest = {
  readonly filter: PodSandboxFilter | null;
};
/** For encoding: every field of `StreamPodSandboxesRequest` may be left out. */
export type StreamPodSandboxesRequestInit = {
  readonly filter?: PodSandboxFilterInit | null;
};

export type StreamPodSandboxesResponse = {
  readonly podSandboxes: readonly PodSandbox[];
};
/** For encoding: every field of `StreamPodSandboxesResponse` may be left out. */
export type StreamPodSandboxesResponseInit = {
  readonly podSandboxes?: readonly PodSandboxInit[];
};

export type UpdatePodSandboxResourcesRequest = {
  readonly podSandboxId: string;
  readonly overhead: LinuxContainerResources | null;
  readonly resources: LinuxContainerResources | null;
};
/** For encoding: every field of `UpdatePodSandboxResourcesRequest` may be left out. */
export type UpdatePodSandboxResourcesRequestInit = {
  readonly podSandboxId?: string;
  readonly overhead?: LinuxContainerResourcesInit | null;
  readonly resources?: LinuxContainerResourcesInit | null;
};

export type UpdatePodSandboxResourcesResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `UpdatePodSandboxResourcesResponse` may be left out. */
export type UpdatePodSandboxResourcesResponseInit = UpdatePodSandboxResourcesResponse;

export type PortForwardRequest = {
  readonly podSandboxId: string;
  /** Ports in the sandbox. */
  readonly port: readonly number[];
};
/** For encoding: every field of `PortForwardRequest` may be left out. */
export type PortForwardRequestInit = {
  readonly podSandboxId?: string;
  readonly port?: readonly number[];
};

export type PortForwardResponse = {
  readonly url: string;
};
/** For encoding: every field of `PortForwardResponse` may be left out. */
export type PortForwardResponseInit = {
  readonly url?: string;
};

export type CheckpointPodRequest = {
  readonly podSandboxId: string;
  /** A directory that is there and empty. */
  readonly outputPath: string;
  /** Exactly the containers that run, each once. */
  readonly containerIds: readonly string[];
  /** Of the runtime handler; a key that it does not know is refused. */
  readonly options: Readonly<Record<string, string>>;
};
/** For encoding: every field of `CheckpointPodRequest` may be left out. */
export type CheckpointPodRequestInit = {
  readonly podSandboxId?: string;
  readonly outputPath?: string;
  readonly containerIds?: readonly string[];
  readonly options?: Readonly<Record<string, string>>;
};

export type CheckpointPodResponse = Readonly<Record<string, never>>;
/** For encoding: every field of `CheckpointPodResponse` may be left out. */
export type CheckpointPodResponseInit = CheckpointPodResponse;

export type RestorePodRequest = {
  readonly checkpointPath: string;
  readonly config: PodSandboxConfig | null;
  readonly runtimeHandler: string;
  readonly options: Readonly<Record<string, string>>;
  /** One for each container of the checkpoint, matched by its name. */
  readonly containerConfigs: readonly ContainerConfig[];
};
/** For encoding: every field of `RestorePodRequest` may be left out. */
export type RestorePodRequestInit = {
  readonly checkpointPath?: string;
  readonly config?: PodSandboxConfigInit | null;
  readonly runtimeHandler?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly containerConfigs?: readonly ContainerConfigInit[];
};

export type RestoredContainer = {
  readonly name: string;
  readonly containerId: string;
};
/** For encoding: every field of `RestoredContainer` may be left out. */
export type RestoredContainerInit = {
  readonly name?: string;
  readonly containerId?: string;
};

export type RestorePodResponse = {
  readonly podSandboxId: string;
  /** All of them created, none of them started. */
  readonly restoredContainers: readonly RestoredContainer[];
};
/** For encoding: every field of `RestorePodResponse` may be left out. */
export type RestorePodResponseInit = {
  readonly podSandboxId?: string;
  readonly restoredContainers?: readonly RestoredContainerInit[];
};

/** Usage now; what could not be measured is absent. */
export type ContainerStats = {
  readonly attributes: ContainerAttributes | null;
  readonly cpu: CpuUsage | null;
  readonly memory: MemoryUsage | null;
  readonly writableLayer: FilesystemUsage | null;
  readonly swap: SwapUsage | null;
  readonly io: IoUsage | null;
};
/** For encoding: every field of `ContainerStats` may be left out. */
export type ContainerStatsInit = {
  readonly attributes?: ContainerAttributesInit | null;
  readonly cpu?: CpuUsageInit | null;
  readonly memory?: MemoryUsageInit | null;
  readonly writableLayer?: FilesystemUsageInit | null;
  readonly swap?: SwapUsageInit | null;
  readonly io?: IoUsageInit | null;
};

export type ContainerAttributes = {
  readonly id: string;
  readonly metadata: ContainerMetadata | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};
/** For encoding: every field of `ContainerAttributes` may be left out. */
export type ContainerAttributesInit = {
  readonly id?: string;
  readonly metadata?: ContainerMetadataInit | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};

export type CpuUsage = {
  readonly timestamp: bigint;
  /** Since the start; never goes down. */
  readonly usageCoreNanoSeconds: UInt64Value | null;
  /** Over a recent while. */
  readonly usageNanoCores: UInt64Value | null;
  readonly psi: PsiStats | null;
};
/** For encoding: every field of `CpuUsage` may be left out. */
export type CpuUsageInit = {
  readonly timestamp?: bigint;
  readonly usageCoreNanoSeconds?: UInt64ValueInit | null;
  readonly usageNanoCores?: UInt64ValueInit | null;
  readonly psi?: PsiStatsInit | null;
};

export type MemoryUsage = {
  /** Nanoseconds since 1970, as every timestamp of a measurement. */
  readonly timestamp: bigint;
  /** Usage without inactive file pages. */
  readonly workingSetBytes: UInt64Value | null;
  /** Limit less working set; absent without a limit. */
  readonly availableBytes: UInt64Value | null;
  readonly usageBytes: UInt64Value | null;
  readonly rssBytes: UInt64Value | null;
  readonly pageFaults: UInt64Value | null;
  readonly majorPageFaults: UInt64Value | null;
  readonly psi: PsiStats | null;
};
/** For encoding: every field of `MemoryUsage` may be left out. */
export type MemoryUsageInit = {
  readonly timestamp?: bigint;
  readonly workingSetBytes?: UInt64ValueInit | null;
  readonly availableBytes?: UInt64ValueInit | null;
  readonly usageBytes?: UInt64ValueInit | null;
  readonly rssBytes?: UInt64ValueInit | null;
  readonly pageFaults?: UInt64ValueInit | null;
  readonly majorPageFaults?: UInt64ValueInit | null;
  readonly psi?: PsiStatsInit | null;
};

export type SwapUsage = {
  readonly timestamp: bigint;
  readonly swapAvailableBytes: UInt64Value | null;
  readonly swapUsageBytes: UInt64Value | null;
};
/** For encoding: every field of `SwapUsage` may be left out. */
export type SwapUsageInit = {
  readonly timestamp?: bigint;
  readonly swapAvailableBytes?: UInt64ValueInit | null;
  readonly swapUsageBytes?: UInt64ValueInit | null;
};

export type IoUsage = {
  readonly timestamp: bigint;
  readonly psi: PsiStats | null;
};
/** For encoding: every field of `IoUsage` may be left out. */
export type IoUsageInit = {
  readonly timestamp?: bigint;
  readonly psi?: PsiStatsInit | null;
};

/** Pressure stall information. Since 1.33. */
export type PsiStats = {
  /** Everybody waited. */
  readonly full: PsiData | null;
  /** Somebody waited. */
  readonly some: PsiData | null;
};
/** For encoding: every field of `PsiStats` may be left out. */
export type PsiStatsInit = {
  readonly full?: PsiDataInit | null;
  readonly some?: PsiDataInit | null;
};

export type PsiData = {
  /** Nanoseconds waited so far (the kernel counts microseconds). */
  readonly total: bigint;
  /** Per cent of the last 10 seconds; so the others of 60 and 300. */
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
};
/** For encoding: every field of `PsiData` may be left out. */
export type PsiDataInit = {
  readonly total?: bigint;
  readonly avg10?: number;
  readonly avg60?: number;
  readonly avg300?: number;
};

export type WindowsContainerStats = {
  readonly attributes: ContainerAttributes | null;
  readonly cpu: WindowsCpuUsage | null;
  readonly memory: WindowsMemoryUsage | null;
  readonly writableLayer: WindowsFilesystemUsage | null;
};
/** For encoding: every field of `WindowsContainerStats` may be left out. */
export type WindowsContainerStatsInit = {
  readonly attributes?: ContainerAttributesInit | null;
  readonly cpu?: WindowsCpuUsageInit | null;
  readonly memory?: WindowsMemoryUsageInit | null;
  readonly writableLayer?: WindowsFilesystemUsageInit | null;
};

export type WindowsCpuUsage = {
  readonly timestamp: bigint;
  readonly usageCoreNanoSeconds: UInt64Value | null;
  readonly usageNanoCores: UInt64Value | null;
};
/** For encoding: every field of `WindowsCpuUsage` may be left out. */
export type WindowsCpuUsageInit = {
  readonly timestamp?: bigint;
  readonly usageCoreNanoSeconds?: UInt64ValueInit | null;
  readonly usageNanoCores?: UInt64ValueInit | null;
};

export type WindowsMemoryUsage = {
  readonly timestamp: bigint;
  readonly workingSetBytes: UInt64Value | null;
  readonly availableBytes: UInt64Value | null;
  readonly pageFaults: UInt64Value | null;
  readonly commitMemoryBytes: UInt64Value | null;
};
/** For encoding: every field of `WindowsMemoryUsage` may be left out. */
export type WindowsMemoryUsageInit = {
  readonly timestamp?: bigint;
  readonly workingSetBytes?: UInt64ValueInit | null;
  readonly availableBytes?: UInt64ValueInit | null;
  readonly pageFaults?: UInt64ValueInit | null;
  readonly commitMemoryBytes?: UInt64ValueInit | null;
};

export type PodSandboxStats = {
  readonly attributes: PodSandboxAttributes | null;
  readonly linux: LinuxPodSandboxStats | null;
  readonly windows: WindowsPodSandboxStats | null;
};
/** For encoding: every field of `PodSandboxStats` may be left out. */
export type PodSandboxStatsInit = {
  readonly attributes?: PodSandboxAttributesInit | null;
  readonly linux?: LinuxPodSandboxStatsInit | null;
  readonly windows?: WindowsPodSandboxStatsInit | null;
};

export type PodSandboxAttributes = {
  readonly id: string;
  readonly metadata: PodSandboxMetadata | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};
/** For encoding: every field of `PodSandboxAttributes` may be left out. */
export type PodSandboxAttributesInit = {
  readonly id?: string;
  readonly metadata?: PodSandboxMetadataInit | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};

export type LinuxPodSandboxStats = {
  readonly cpu: CpuUsage | null;
  readonly memory: MemoryUsage | null;
  readonly network: NetworkUsage | null;
  readonly process: ProcessUsage | null;
  readonly containers: readonly ContainerStats[];
  readonly io: IoUsage | null;
};
/** For encoding: every field of `LinuxPodSandboxStats` may be left out. */
export type LinuxPodSandboxStatsInit = {
  readonly cpu?: CpuUsageInit | null;
  readonly memory?: MemoryUsageInit | null;
  readonly network?: NetworkUsageInit | null;
  readonly process?: ProcessUsageInit | null;
  readonly containers?: readonly ContainerStatsInit[];
  readonly io?: IoUsageInit | null;
};

export type NetworkUsage = {
  readonly timestamp: bigint;
  readonly defaultInterface: NetworkInterfaceUsage | null;
  readonly interfaces: readonly NetworkInterfaceUsage[];
};
/** For encoding: every field of `NetworkUsage` may be left out. */
export type NetworkUsageInit = {
  readonly timestamp?: bigint;
  readonly defaultInterface?: NetworkInterfaceUsageInit | null;
  readonly interfaces?: readonly NetworkInterfaceUsageInit[];
};

export type NetworkInterfaceUsage = {
  readonly name: string;
  readonly rxBytes: UInt64Value | null;
  readonly rxErrors: UInt64Value | null;
  readonly txBytes: UInt64Value | null;
  readonly txErrors: UInt64Value | null;
};
/** For encoding: every field of `NetworkInterfaceUsage` may be left out. */
export type NetworkInterfaceUsageInit = {
  readonly name?: string;
  readonly rxBytes?: UInt64ValueInit | null;
  readonly rxErrors?: UInt64ValueInit | null;
  readonly txBytes?: UInt64ValueInit | null;
  readonly txErrors?: UInt64ValueInit | null;
};

export type ProcessUsage = {
  readonly timestamp: bigint;
  readonly processCount: UInt64Value | null;
};
/** For encoding: every field of `ProcessUsage` may be left out. */
export type ProcessUsageInit = {
  readonly timestamp?: bigint;
  readonly processCount?: UInt64ValueInit | null;
};

export type WindowsPodSandboxStats = {
  readonly cpu: WindowsCpuUsage | null;
  readonly memory: WindowsMemoryUsage | null;
  readonly network: WindowsNetworkUsage | null;
  readonly process: WindowsProcessUsage | null;
  readonly containers: readonly WindowsContainerStats[];
};
/** For encoding: every field of `WindowsPodSandboxStats` may be left out. */
export type WindowsPodSandboxStatsInit = {
  readonly cpu?: WindowsCpuUsageInit | null;
  readonly memory?: WindowsMemoryUsageInit | null;
  readonly network?: WindowsNetworkUsageInit | null;
  readonly process?: WindowsProcessUsageInit | null;
  readonly containers?: readonly WindowsContainerStatsInit[];
};

export type WindowsNetworkUsage = {
  readonly timestamp: bigint;
  readonly defaultInterface: WindowsNetworkInterfaceUsage | null;
  readonly interfaces: readonly WindowsNetworkInterfaceUsage[];
};
/** For encoding: every field of `WindowsNetworkUsage` may be left out. */
export type WindowsNetworkUsageInit = {
  readonly timestamp?: bigint;
  readonly defaultInterface?: WindowsNetworkInterfaceUsageInit | null;
  readonly interfaces?: readonly WindowsNetworkInterfaceUsageInit[];
};

export type WindowsNetworkInterfaceUsage = {
  readonly name: string;
  readonly rxBytes: UInt64Value | null;
  readonly rxPacketsDropped: UInt64Value | null;
  readonly txBytes: UInt64Value | null;
  readonly txPacketsDropped: UInt64Value | null;
};
/** For encoding: every field of `WindowsNetworkInterfaceUsage` may be left out. */
export type WindowsNetworkInterfaceUsageInit = {
  readonly name?: string;
  readonly rxBytes?: UInt64ValueInit | null;
  readonly rxPacketsDropped?: UInt64ValueInit | null;
  readonly txBytes?: UInt64ValueInit | null;
  readonly txPacketsDropped?: UInt64ValueInit | null;
};

export type WindowsProcessUsage = {
  readonly timestamp: bigint;
  readonly processCount: UInt64Value | null;
};
/** For encoding: every field of `WindowsProcessUsage` may be left out. */
export type WindowsProcessUsageInit = {
  readonly timestamp?: bigint;
  readonly processCount?: UInt64ValueInit | null;
};

/** As ContainerFilter. */
export type ContainerStatsFilter = {
  readonly id: string;
  readonly podSandboxId: string;
  readonly labelSelector: Readonly<Record<string, string>>;
};
/** For encoding: every field of `ContainerStatsFilter` may be left out. */
export type ContainerStatsFilterInit = {
  readonly id?: string;
  readonly podSandboxId?: string;
  readonly labelSelector?: Readonly<Record<string, string>>;
};

export type ContainerStatsRequest = {
  readonly containerId: string;
};
/** For encoding: every field of `ContainerStatsRequest` may be left out. */
export type ContainerStatsRequestInit = {
  readonly containerId?: string;
};

export type ContainerStatsResponse = {
  readonly stats: ContainerStats | null;
};
/** For encoding: every field of `ContainerStatsResponse` may be left out. */
export type ContainerStatsResponseInit = {
  readonly stats?: ContainerStatsInit | null;
};

export type ListContainerStatsRequest = {
  readonly filter: ContainerStatsFilter | null;
};
/** For encoding: every field of `ListContainerStatsRequest` may be left out. */
export type ListContainerStatsRequestInit = {
  readonly filter?: ContainerStatsFilterInit | null;
};

export type ListContainerStatsResponse = {
  readonly stats: readonly ContainerStats[];
};
/** For encoding: every field of `ListContainerStatsResponse` may be left out. */
export type ListContainerStatsResponseInit = {
  readonly stats?: readonly ContainerStatsInit[];
};

export type StreamContainerStatsRequest = {
  readonly filter: ContainerStatsFilter | null;
};
/** For encoding: every field of `StreamContainerStatsRequest` may be left out. */
export type StreamContainerStatsRequestInit = {
  readonly filter?: ContainerStatsFilterInit | null;
};

export type StreamContainerStatsResponse = {
  readonly containerStats: readonly ContainerStats[];
};
/** For encoding: every field of `StreamContainerStatsResponse` may be left out. */
export type StreamContainerStatsResponseInit = {
  readonly containerStats?: readonly ContainerStatsInit[];
};

/** As ContainerFilter. */
export type PodSandboxStatsFilter = {
  readonly id: string;
  readonly labelSelector: Readonly<Record<string, string>>;
};
/** For encoding: every field of `PodSandboxStatsFilter` may be left out. */
export type PodSandboxStatsFilterInit = {
  readonly id?: string;
  readonly labelSelector?: Readonly<Record<string, string>>;
};

export type PodSandboxStatsRequest = {
  readonly podSandboxId: string;
};
/** For encoding: every field of `PodSandboxStatsRequest` may be left out. */
export type PodSandboxStatsRequestInit = {
  readonly podSandboxId?: string;
};

export type PodSandboxStatsResponse = {
  readonly stats: PodSandboxStats | null;
};
/** For encoding: every field of `PodSandboxStatsResponse` may be left out. */
export type PodSandboxStatsResponseInit = {
  readonly stats?: PodSandboxStatsInit | null;
};

export type ListPodSandboxStatsRequest = {
  readonly filter: PodSandboxStatsFilter | null;
};
/** For encoding: every field of `ListPodSandboxStatsRequest` may be left out. */
export type ListPodSandboxStatsRequestInit = {
  readonly filter?: PodSandboxStatsFilterInit | null;
};

export type ListPodSandboxStatsResponse = {
  readonly stats: readonly PodSandboxStats[];
};
/** For encoding: every field of `ListPodSandboxStatsResponse` may be left out. */
export type ListPodSandboxStatsResponseInit = {
  readonly stats?: readonly PodSandboxStatsInit[];
};

export type StreamPodSandboxStatsRequest = {
  readonly filter: PodSandboxStatsFilter | null;
};
/** For encoding: every field of `StreamPodSandboxStatsRequest` may be left out. */
export type StreamPodSandboxStatsRequestInit = {
  readonly filter?: PodSandboxStatsFilterInit | null;
};

export type StreamPodSandboxStatsResponse = {
  readonly podSandboxStats: readonly PodSandboxStats[];
};
/** For encoding: every field of `StreamPodSandboxStatsResponse` may be left out. */
export type StreamPodSandboxStatsResponseInit = {
  readonly podSandboxStats?: readonly PodSandboxStatsInit[];
};

/** A number whose absence means something else than 0. */
export type Int64Value = {
  readonly value: bigint;
};
/** For encoding: every field of `Int64Value` may be left out. */
export type Int64ValueInit = {
  readonly value?: bigint;
};

/** A number whose absence means something else than 0. */
export type UInt64Value = {
  readonly value: bigint;
};
/** For encoding: every field of `UInt64Value` may be left out. */
export type UInt64ValueInit = {
  readonly value?: bigint;
};

/** One variable of the environment. */
export type KeyValue = {
  readonly key: string;
  /**
   * Any bytes. Was a string before 1.37 (and its contemporary patch releases); the wire is the
   * same.
   */
  readonly value: Uint8Array;
};
/** For encoding: every field of `KeyValue` may be left out. */
export type KeyValueInit = {
  readonly key?: string;
  readonly value?: Uint8Array;
};

/** Which image is meant. */
export type ImageSpec = {
  /** A reference, or what PullImage has answered. */
  readonly image: string;
  /** Of the pod; hints only. */
  readonly annotations: Readonly<Record<string, string>>;
  /** As the user wrote it in the pod. */
  readonly userSpecifiedImage: string;
  /** Since 1.29. */
  readonly runtimeHandler: string;
  /** Since 1.36. */
  readonly imageRef: string;
};
/** For encoding: every field of `ImageSpec` may be left out. */
export type ImageSpecInit = {
  readonly image?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly userSpecifiedImage?: string;
  readonly runtimeHandler?: string;
  readonly imageRef?: string;
};

/** The identity of a sandbox: no two live ones have the same. */
export type PodSandboxMetadata = {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  /** Which try this is; it counts up. */
  readonly attempt: number;
};
/** For encoding: every field of `PodSandboxMetadata` may be left out. */
export type PodSandboxMetadataInit = {
  readonly name?: string;
  readonly uid?: string;
  readonly namespace?: string;
  readonly attempt?: number;
};

/** The identity of a container inside its sandbox. */
export type ContainerMetadata = {
  readonly name: string;
  readonly attempt: number;
};
/** For encoding: every field of `ContainerMetadata` may be left out. */
export type ContainerMetadataInit = {
  readonly name?: string;
  readonly attempt?: number;
};

/** `length` ids from `container_id` on are those from `host_id` on. */
export type IDMapping = {
  readonly hostId: number;
  readonly containerId: number;
  readonly length: number;
};
/** For encoding: every field of `IDMapping` may be left out. */
export type IDMappingInit = {
  readonly hostId?: number;
  readonly containerId?: number;
  readonly length?: number;
};

export type UserNamespace = {
  /** POD (with exactly one mapping of each kind) or NODE. */
  readonly mode: NamespaceMode;
  readonly uids: readonly IDMapping[];
  readonly gids: readonly IDMapping[];
};
/** For encoding: every field of `UserNamespace` may be left out. */
export type UserNamespaceInit = {
  readonly mode?: NamespaceMode;
  readonly uids?: readonly IDMappingInit[];
  readonly gids?: readonly IDMappingInit[];
};

export type NamespaceOption = {
  readonly network: NamespaceMode;
  readonly pid: NamespaceMode;
  readonly ipc: NamespaceMode;
  /** With `pid` TARGET only. */
  readonly targetId: string;
  /** Absent: the user namespace of the host. */
  readonly usernsOptions: UserNamespace | null;
};
/** For encoding: every field of `NamespaceOption` may be left out. */
export type NamespaceOptionInit = {
  readonly network?: NamespaceMode;
  readonly pid?: NamespaceMode;
  readonly ipc?: NamespaceMode;
  readonly targetId?: string;
  readonly usernsOptions?: UserNamespaceInit | null;
};

/** Present and empty means RuntimeDefault; absent means that nothing was asked for. */
export type SecurityProfile = {
  readonly profileType: ProfileType;
  /** With Localhost only: a file (seccomp) or the name of a loaded profile (AppArmor). */
  readonly localhostRef: string;
};
/** For encoding: every field of `SecurityProfile` may be left out. */
export type SecurityProfileInit = {
  readonly profileType?: ProfileType;
  readonly localhostRef?: string;
};

export type SELinuxOption = {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  readonly level: string;
};
/** For encoding: every field of `SELinuxOption` may be left out. */
export type SELinuxOptionInit = {
  readonly user?: string;
  readonly role?: string;
  readonly type?: string;
  readonly level?: string;
};

/** 0 and "" mean: not said. */
export type LinuxContainerResources = {
  /** Microseconds. */
  readonly cpuPeriod: bigint;
  /** Microseconds in a period. */
  readonly cpuQuota: bigint;
  readonly cpuShares: bigint;
  readonly memoryLimitInBytes: bigint;
  readonly oomScoreAdj: bigint;
  readonly cpusetCpus: string;
  readonly cpusetMems: string;
  readonly hugepageLimits: readonly HugepageLimit[];
  /** File of cgroup v2 and its content. */
  readonly unified: Readonly<Record<string, string>>;
  /** Memory and swap together. */
  readonly memorySwapLimitInBytes: bigint;
};
/** For encoding: every field of `LinuxContainerResources` may be left out. */
export type LinuxContainerResourcesInit = {
  readonly cpuPeriod?: bigint;
  readonly cpuQuota?: bigint;
  readonly cpuShares?: bigint;
  readonly memoryLimitInBytes?: bigint;
  readonly oomScoreAdj?: bigint;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
  readonly hugepageLimits?: readonly HugepageLimitInit[];
  readonly unified?: Readonly<Record<string, string>>;
  readonly memorySwapLimitInBytes?: bigint;
};

export type HugepageLimit = {
  /** As in the name of the cgroup file: `2MB`, `1GB`. */
  readonly pageSize: string;
  /** Bytes. */
  readonly limit: bigint;
};
/** For encoding: every field of `HugepageLimit` may be left out. */
export type HugepageLimitInit = {
  readonly pageSize?: string;
  readonly limit?: bigint;
};

export type WindowsNamespaceOption = {
  readonly network: NamespaceMode;
};
/** For encoding: every field of `WindowsNamespaceOption` may be left out. */
export type WindowsNamespaceOptionInit = {
  readonly network?: NamespaceMode;
};

export type WindowsSandboxSecurityContext = {
  readonly runAsUsername: string;
  readonly credentialSpec: string;
  /** Runs on the host itself. */
  readonly hostProcess: boolean;
  readonly namespaceOptions: WindowsNamespaceOption | null;
};
/** For encoding: every field of `WindowsSandboxSecurityContext` may be left out. */
export type WindowsSandboxSecurityContextInit = {
  readonly runAsUsername?: string;
  readonly credentialSpec?: string;
  readonly hostProcess?: boolean;
  readonly namespaceOptions?: WindowsNamespaceOptionInit | null;
};

export type WindowsPodSandboxConfig = {
  readonly securityContext: WindowsSandboxSecurityContext | null;
};
/** For encoding: every field of `WindowsPodSandboxConfig` may be left out. */
export type WindowsPodSandboxConfigInit = {
  readonly securityContext?: WindowsSandboxSecurityContextInit | null;
};

/** Since 1.32. */
export type WindowsCpuGroupAffinity = {
  readonly cpuMask: bigint;
  readonly cpuGroup: number;
};
/** For encoding: every field of `WindowsCpuGroupAffinity` may be left out. */
export type WindowsCpuGroupAffinityInit = {
  readonly cpuMask?: bigint;
  readonly cpuGroup?: number;
};

export type WindowsContainerResources = {
  readonly cpuShares: bigint;
  readonly cpuCount: bigint;
  /** Share of all processors in 1/100 of a per cent. */
  readonly cpuMaximum: bigint;
  readonly memoryLimitInBytes: bigint;
  readonly rootfsSizeInBytes: bigint;
  readonly affinityCpus: readonly WindowsCpuGroupAffinity[];
};
/** For encoding: every field of `WindowsContainerResources` may be left out. */
export type WindowsContainerResourcesInit = {
  readonly cpuShares?: bigint;
  readonly cpuCount?: bigint;
  readonly cpuMaximum?: bigint;
  readonly memoryLimitInBytes?: bigint;
  readonly rootfsSizeInBytes?: bigint;
  readonly affinityCpus?: readonly WindowsCpuGroupAffinityInit[];
};

export type WindowsContainerSecurityContext = {
  readonly runAsUsername: string;
  readonly credentialSpec: string;
  readonly hostProcess: boolean;
};
/** For encoding: every field of `WindowsContainerSecurityContext` may be left out. */
export type WindowsContainerSecurityContextInit = {
  readonly runAsUsername?: string;
  readonly credentialSpec?: string;
  readonly hostProcess?: boolean;
};

export type WindowsContainerConfig = {
  readonly resources: WindowsContainerResources | null;
  readonly securityContext: WindowsContainerSecurityContext | null;
};
/** For encoding: every field of `WindowsContainerConfig` may be left out. */
export type WindowsContainerConfigInit = {
  readonly resources?: WindowsContainerResourcesInit | null;
  readonly securityContext?: WindowsContainerSecurityContextInit | null;
};
