import { Modal, SimpleGrid, Skeleton, Text, UnstyledButton } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { useAssets } from "@/api/posts";
import type { Asset } from "@/api/types";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { Thumbnail } from "@/ui/Thumbnail";

interface AssetLibraryProps {
  isOpen: boolean;
  onClose: () => void;
  onChoose: (asset: Asset) => void;
}

/** Media that was uploaded before. */
export function AssetLibrary({ isOpen, onClose, onChoose }: AssetLibraryProps) {
  const assets = useAssets(isOpen);
  return (
    <Modal opened={isOpen} onClose={onClose} title="Library" size="lg">
      {assets.isError && <ErrorNote error={assets.error} onRetry={() => void assets.refetch()} />}
      {assets.isPending && <Skeleton h={220} />}
      {assets.data?.items.length === 0 && (
        <EmptyState icon={IconPhoto} title="Nothing here yet" compact>
          Whatever you upload for a post can be used again.
        </EmptyState>
      )}
      <SimpleGrid cols={{ base: 3, xs: 4, sm: 5 }} spacing="sm">
        {assets.data?.items.map((asset) => (
          <UnstyledButton
            key={asset.id}
            onClick={() => onChoose(asset)}
            aria-label={`Use ${asset.name}`}
            data-testid="library-asset"
          >
            <Thumbnail url={asset.thumbnail_url} size={104} isVideo={asset.kind === "video"} />
            <Text size="xs" truncate maw={104} mt={2}>
              {asset.name}
            </Text>
          </UnstyledButton>
        ))}
      </SimpleGrid>
    </Modal>
  );
}
