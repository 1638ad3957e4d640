import { AppShell, Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useEffect, type ReactNode } from "react";
import { useLocation } from "wouter";
import { PhoneBar } from "@/app/shell/PhoneBar";
import { Sidebar } from "@/app/shell/Sidebar";
import classes from "@/app/shell/Shell.module.css";

/** The frame of every page: a sidebar on wide screens, a bar of tabs at the bottom on phones. */
export function Shell({ children }: { children: ReactNode }) {
  const [isMenuOpen, menu] = useDisclosure(false);
  const [location] = useLocation();
  useEffect(() => {
    menu.close();
    window.scrollTo(0, 0);
  }, [location, menu.close]);
  return (
    <>
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell
        navbar={{ width: 256, breakpoint: "md", collapsed: { mobile: true } }}
        padding={0}
        classNames={{ navbar: classes.navbar! }}
      >
        <AppShell.Navbar>
          <Sidebar />
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1} className={classes.main!}>
          <div className={classes.content}>{children}</div>
        </AppShell.Main>
      </AppShell>
      <Drawer
        opened={isMenuOpen}
        onClose={menu.close}
        size={290}
        padding={0}
        withCloseButton={false}
        title="Menu"
        classNames={{ body: classes.drawer!, header: classes.hidden! }}
      >
        <Sidebar />
      </Drawer>
      <PhoneBar onMenu={menu.open} />
    </>
  );
}
